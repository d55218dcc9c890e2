#pragma once
// The pages of reports: the lead's exact ones, and the published figures for the viewer. Each blocks for the store.

#include <span>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console::report {

[[nodiscard]] std::span<const Route> routes();

}  // namespace fairlead::agent::console::report
