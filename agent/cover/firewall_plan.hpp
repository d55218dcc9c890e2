#pragma once
// From what policy.yaml says about the net to what this laptop's firewall shall do. Pure; no word of any system's
// firewall: agent/platform says it in its own.

#include <optional>
#include <string_view>
#include <vector>

#include "agent/platform/firewall.hpp"
#include "rules/catalog/cover_values.hpp"

namespace fairlead::agent::cover {

/// Where the agent takes connections that were led to it.
inline constexpr std::uint16_t kFilterPort = 3130;

/// What the policy does not know of this laptop.
struct Facts {
  std::vector<platform::UserId> left_alone;  // the agent's own account, and those that the policy exempts
  std::vector<rules::url::AddressRange> name_servers;
};

/// Nothing for the profile `off`.
[[nodiscard]] std::optional<platform::FirewallPlan> plan_firewall(const rules::catalog::Cover& cover,
                                                                  const Facts& facts);

/// The servers of a resolv.conf(5) that are asked: the first three. What is no address is passed over.
[[nodiscard]] std::vector<rules::url::AddressRange> name_servers_of(std::string_view resolv_conf);

}  // namespace fairlead::agent::cover
