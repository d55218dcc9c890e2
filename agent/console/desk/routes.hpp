#pragma once
// The safeguarding lead's pages. Each blocks for the store.

#include <span>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console::desk {

[[nodiscard]] std::span<const Route> routes();

}  // namespace fairlead::agent::console::desk
