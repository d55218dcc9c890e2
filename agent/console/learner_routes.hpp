#pragma once
// The learner's pages as routes: what was stopped, what is recorded, a person's word on it. Blocks for the store.

#include <span>

#include "agent/console/routes.hpp"

namespace fairlead::agent::console {

[[nodiscard]] std::span<const Route> learner_routes();

}  // namespace fairlead::agent::console
