#pragma once
// Inside this room only.

#include "agent/console/visit.hpp"

namespace fairlead::agent::console::laptops {

/// Every laptop: is it covered, are its rules the newest, when was it heard of. No person is on it.
[[nodiscard]] pages::Answer laptops_page(const Visit& visit);

/// What was opened at this desk: what is open now, with a way to close it, and what was. For the lead: an address may
/// tell of whoever asked for it.
[[nodiscard]] pages::Answer opened_page(const Visit& visit);
[[nodiscard]] pages::Answer close_opened(const Visit& visit);

}  // namespace fairlead::agent::console::laptops
