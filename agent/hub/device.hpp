#pragma once
// A laptop as the hub knows it. Plain data.

#include <cstdint>
#include <string>

#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

struct Device {
  std::uint64_t number = 0;
  std::string id, group, name;
  Now enrolled{}, seen{};
  bool revoked = false;
  std::string health;  // JSON as the device told it last; empty: nothing yet
  std::string site;    // empty: of none, so the organisation's lead alone looks after it
};

}  // namespace fairlead::agent::hub
