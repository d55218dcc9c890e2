#pragma once
// Inside this room only.

#include "agent/console/visit.hpp"

namespace fairlead::agent::console::laptops {

/// Every laptop: is it covered, are its rules the newest, when was it heard of. No person is on it.
[[nodiscard]] pages::Answer laptops_page(const Visit& visit);

}  // namespace fairlead::agent::console::laptops
