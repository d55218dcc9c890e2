#pragma once
// A laptop of the fleet, as the hub last heard of it. Plain data.

#include <string>

#include "agent/console/accounts.hpp"

namespace fairlead::agent::console {

struct Laptop {
  std::string id, name, group;
  Moment enrolled{}, seen{};
  bool revoked = false;
  std::string health;  // JSON as the laptop told it; empty: nothing yet
};

}  // namespace fairlead::agent::console
