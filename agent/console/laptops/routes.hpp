#pragma once
// The pages about the laptops of a fleet: for the desk of an organisation alone.

#include <span>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console::laptops {

[[nodiscard]] std::span<const Route> routes();

}  // namespace fairlead::agent::console::laptops
