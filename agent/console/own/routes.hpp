#pragma once
// The learner's rights as pages: a copy of what is recorded, answers to what they asked, and the agreement; for the
// lead, who has agreed, and appeals about what is serious. Each blocks for the store.

#include <span>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console::own {

[[nodiscard]] std::span<const Route> routes();

}  // namespace fairlead::agent::console::own
