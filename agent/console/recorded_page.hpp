#pragma once
// "What is recorded about me": written from the policy in force, so that it cannot say something else than what is
// done. Pure.

#include "agent/console/pages.hpp"

namespace fairlead::agent::console {

[[nodiscard]] pages::Answer recorded_page(const Site& site);

}  // namespace fairlead::agent::console
