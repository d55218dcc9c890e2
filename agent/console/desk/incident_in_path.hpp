#pragma once
// The incident that an address names. Inside this room only; blocks for the store.

#include "agent/console/visit.hpp"
#include "agent/events/incident.hpp"

namespace fairlead::agent::console::desk {

/// One that is there and not this visitor's to see is not found like one that is not there, but the book of who looked
/// says that somebody tried.
/// Errors   not_found; those of the store: then nothing may be shown.
[[nodiscard]] Result<events::Incident> incident_in_path(const Visit& visit);

}  // namespace fairlead::agent::console::desk
