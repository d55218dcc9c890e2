#include "agent/net/safe_hosts.hpp"

#include <utility>

#include "rules/policy/safe_search.hpp"

namespace fairlead::agent::net {
namespace {

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
  const TimePoint now = now_();
  const bool others = ruleset_ != rules->ruleset_id();
  // A clock that was set back by more than the wait has nothing to say of when the last look-up was.
  if (now < next_ && next_ - now <= kWhenAllAreThere && !others) return;
  ruleset_ = rules->ruleset_id();
  next_ = now + kWhenAllAreThere;
  under_way_ = true;
  auto hosts = hosts_of(*rules);
  // What these rules hold nobody to is missed by nobody, whatever the look-up will say of the others.
  std::erase_if(missing_, [&](const std::string& host) { return !hosts.contains(host); });
  asio::co_spawn(
      context_, [this, hosts = std::move(hosts)] { return look_up(hosts); }, asio::detached);
}

Task<void> SafeHosts::look_up(std::set<std::string> hosts) {
  std::set<std::string> missing;
  for (const std::string& host : hosts) {
    auto found = co_await resolver_.resolve(host, Aliases::skip);
    if (!found) missing.insert(host);
  }
  missing_ = std::move(missing);
  if (!missing_.empty()) next_ = now_() + kWhenOneIsMissing;
  under_way_ = false;
}

}  // namespace fairlead::agent::net
