#pragma once
// A blocked attempt on its way to a collector of security events. Plain data.

#include <array>
#include <string>

#include "agent/events/event.hpp"
#include "rules/catalog/siem_file.hpp"

namespace fairlead::agent::siem {

struct Record {
  std::string id;             // the same each time it is sent, and of no other; tells of no laptop
  events::TimePoint time{};   // when it happened
  events::TimePoint taken{};  // when the hub took it
  std::array<std::string, rules::catalog::kSiemFields.size()> fields;  // by SiemField

  [[nodiscard]] const std::string& at(rules::catalog::SiemField field) const {
    return fields[static_cast<std::size_t>(field)];
  }
};

}  // namespace fairlead::agent::siem
