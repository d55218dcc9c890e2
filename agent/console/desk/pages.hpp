#pragma once
// Each page of the safeguarding lead's desk. Inside this room only; each blocks for the
// store. Whatever shows a person is recorded before it is returned.

#include "agent/console/routes.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::desk {

[[nodiscard]] pages::Answer start_page(const Visit& visit);
/// That something gets past the filter, or that it rests; nothing while all is well. Waits for the agent.
[[nodiscard]] pages::Html filter_notices(const Visit& visit);

[[nodiscard]] pages::Answer incidents_page(const Visit& visit);
[[nodiscard]] pages::Answer incident_page(const Visit& visit);
/// The incident as one file that proves by itself what it holds (agent/events/pack.hpp).
[[nodiscard]] pages::Answer incident_pack(const Visit& visit);
/// Adds a review; a false positive also opens a task for IT, without a person.
[[nodiscard]] pages::Answer take_review(const Visit& visit);

[[nodiscard]] pages::Answer events_page(const Visit& visit);
[[nodiscard]] pages::Answer access_page(const Visit& visit);

/// The alerts that were sent or wait; nobody is named in it.
[[nodiscard]] pages::Answer alerts_page(const Visit& visit);

/// Everything about one person; the copy that they may ask for, to read or as JSON; erasure on request.
[[nodiscard]] pages::Answer person_page(const Visit& visit);
[[nodiscard]] pages::Answer person_copy(const Visit& visit);
[[nodiscard]] pages::Answer person_copy_as_json(const Visit& visit);
[[nodiscard]] pages::Answer erase_person(const Visit& visit);

[[nodiscard]] pages::Answer save_view(const Visit& visit);
[[nodiscard]] pages::Answer remove_view(const Visit& visit);
/// The saved views of one list, and the form that saves how it is filtered now.
[[nodiscard]] pages::Html views_part(const Visit& visit, std::string_view list, const std::string& address);

}  // namespace fairlead::agent::console::desk
