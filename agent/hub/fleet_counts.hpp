#pragma once
// How many laptops there are and how far the rules are, as the store says: the same from each hub that shares it.
// Blocks.

#include <cstdint>

#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

struct FleetCounts {
  std::uint64_t known = 0, heard = 0, revoked = 0;  // laptops; `heard` of the known ones, within a day
  std::uint64_t notices = 0;                        // that wait for their laptop
  std::uint64_t version = 0;                        // of the latest release; 0: none
  unsigned percent = 0;                             // of the laptops that its stage is for
  bool stopped = false;
};

[[nodiscard]] Result<FleetCounts> count_fleet(Connection& connection, Now now);

}  // namespace fairlead::agent::hub
