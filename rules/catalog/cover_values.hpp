#pragma once
// What `cover` of policy.yaml stands for: what keeps a laptop's traffic on the filter, and who and what is left out of
// it. Plain data; part of values.hpp, which is what others include.

#include <cstdint>
#include <string>
#include <vector>

#include "rules/catalog/position.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::rules::catalog {

/// How closely people's traffic is held. standard: the web through the filter, known ways round it refused.
/// strict: nothing but the web through the filter, names and what is opened.
enum class CoverProfile : std::uint8_t { off, standard, strict };

/// Both ends belong to it.
struct PortRange {
  std::uint16_t first = 0, last = 0;
  [[nodiscard]] bool operator==(const PortRange&) const = default;
};

/// What may leave past the filter: every address of `to` at every port.
struct Opening {
  std::vector<url::AddressRange> to;  // at least one
  std::vector<PortRange> tcp, udp;    // at least one of both
  std::string because;
  Position at;
};

struct Cover {
  CoverProfile profile = CoverProfile::off;
  std::vector<std::string> exempt;  // names of accounts that are left alone
  std::vector<Opening> open;
  std::vector<std::string> extensions;  // ids of browser extensions that may be installed
};

}  // namespace fairlead::rules::catalog
