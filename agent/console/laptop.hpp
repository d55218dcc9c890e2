#pragma once
// A laptop of the fleet, as the hub last heard of it, and what was asked of laptops. Plain data.

#include <cstdint>
#include <string>

#include "agent/console/accounts.hpp"

namespace fairlead::agent::console {

struct Laptop {
  std::string id, name, group;
  Moment enrolled{}, seen{};
  bool revoked = false;
  std::string health;     // JSON as the laptop told it; empty: nothing yet
  std::string site = {};  // empty: of none
};

/// Somebody's details went at the desk. Who it was stands nowhere any more.
struct Erasure {
  Moment asked{};
  std::uint64_t laptops = 0, done = 0;  // that were told, and that have done it
};

}  // namespace fairlead::agent::console
