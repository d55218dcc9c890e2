#pragma once
// The whole console: the routes of every room, joined. What tests walk and the agent serves.

#include "agent/console/routes.hpp"

namespace fairlead::agent::console {

/// In the order of the menu.
[[nodiscard]] std::vector<Route> all_routes();

/// The desk of an organisation: no pages for learners, who have theirs on their laptop, and none about one laptop's own
/// health, files and alerts; those about all laptops instead.
[[nodiscard]] std::vector<Route> desk_routes();

}  // namespace fairlead::agent::console
