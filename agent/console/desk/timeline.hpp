#pragma once
// Events as a timeline: grouped by day, what a person did in front, what pages fetched folded away. Inside this room.

#include <vector>

#include "agent/console/visit.hpp"
#include "agent/events/store.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::desk {

/// events  of one incident or one person, in the order of time.
[[nodiscard]] pages::Html timeline(const Visit& visit, const std::vector<events::Stored>& events);

/// What was asked for: the address as far as it is recorded, the words searched for.
[[nodiscard]] pages::Html asked_for(const events::Event& event);

}  // namespace fairlead::agent::console::desk
