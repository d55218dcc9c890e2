#include "agent/net/safe_hosts.hpp"

#include <utility>

#include "rules/policy/safe_search.hpp"

namespace fairlead::agent::net {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::hours kWhenAllAreThere{24};
constexpr std::chrono::hours kWhenOneIsMissing{1};

/// Those that any group is held to.
std::set<std::string> hosts_of(const rules::policy::Rules& rules) {
  std::set<std::string> hosts;
  for (const auto& engine : rules.catalog().safe_search) {
    for (const auto& group : rules.policy().groups) {
      const auto host = rules::policy::safe_host_of(engine, group.safe_search);
      if (!host.empty()) hosts.emplace(host);
    }
  }
  return hosts;
}

}  // namespace

void SafeHosts::network_is_there(const std::shared_ptr<const rules::policy::Rules>& rules) {
  if (under_way_) return;
  const auto now = steady_clock::now();
  const bool others = ruleset_ != rules->ruleset_id();
  if (now < next_ && !others) return;
  ruleset_ = rules->ruleset_id();
  next_ = now + kWhenAllAreThere;
  under_way_ = true;
  asio::co_spawn(
      context_, [this, hosts = hosts_of(*rules)] { return look_up(hosts); }, asio::detached);
}

Task<void> SafeHosts::look_up(std::set<std::string> hosts) {
  std::set<std::string> missing;
  for (const std::string& host : hosts) {
    auto found = co_await resolver_.resolve(host, Aliases::skip);
    if (!found) missing.insert(host);
  }
  missing_ = std::move(missing);
  if (!missing_.empty()) next_ = steady_clock::now() + kWhenOneIsMissing;
  under_way_ = false;
}

}  // namespace fairlead::agent::net
