#pragma once
// The whole console: the routes of every room, joined. What tests walk and the agent serves.

#include "agent/console/routes.hpp"

namespace fairlead::agent::console {

/// In the order of the menu.
[[nodiscard]] std::vector<Route> all_routes();

}  // namespace fairlead::agent::console
