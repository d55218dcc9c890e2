#include "agent/cover/firewall_plan.hpp"

#include <algorithm>

#include "agent/cover/known_ports.hpp"

namespace fairlead::agent::cover {
namespace {

using platform::AccountRange;

// Below and between are the system's accounts: services (1-999), those that systemd makes for a service while it runs
// (61184-65519), nobody (65534). Above come directories' people and what rootless containers give their accounts.
constexpr AccountRange kLocalPeople{1000, 61183}, kOtherPeople{65536, 4294967294};

constexpr std::uint16_t kHttp = 80, kHttps = 443, kHttpAlternate = 8080, kHttpsAlternate = 8443;

/// Every account of people but these.
std::vector<AccountRange> people_without(std::vector<platform::UserId> left_alone) {
  std::sort(left_alone.begin(), left_alone.end());
  std::vector<AccountRange> people;
  for (AccountRange range : {kLocalPeople, kOtherPeople}) {
    for (const platform::UserId account : left_alone) {
      const auto number = static_cast<std::uint32_t>(account);
      if (number < range.first || number > range.last) continue;
      if (number > range.first) people.push_back({range.first, number - 1});
      range.first = number + 1;
    }
    if (range.first <= range.last) people.push_back(range);
  }
  return people;
}

}  // namespace

std::optional<platform::FirewallPlan> plan_firewall(const rules::catalog::Cover& cover, const Facts& facts) {
  if (cover.profile == rules::catalog::CoverProfile::off) return std::nullopt;
  platform::FirewallPlan plan;
  plan.only_web = cover.profile == rules::catalog::CoverProfile::strict;
  plan.people = people_without(facts.left_alone);
  plan.filter_port = kFilterPort;
  plan.web_ports = {kHttp, kHttps, kHttpAlternate, kHttpsAlternate};
  plan.refused.reserve(kKnownPorts.size());
  for (const KnownPort& port : kKnownPorts) plan.refused.push_back(port.refused);
  plan.openings = cover.open;
  plan.name_servers = facts.name_servers;
  return plan;
}

std::vector<rules::url::AddressRange> name_servers_of(std::string_view resolv_conf) {
  constexpr std::string_view kKeyword = "nameserver", kBlank = " \t\r";
  constexpr std::size_t kMostAsked = 3;  // MAXNS; the resolver does not look at more
  std::vector<rules::url::AddressRange> servers;
  while (!resolv_conf.empty() && servers.size() < kMostAsked) {
    const std::size_t end = std::min(resolv_conf.find('\n'), resolv_conf.size());
    std::string_view line = resolv_conf.substr(0, end);
    resolv_conf.remove_prefix(std::min(end + 1, resolv_conf.size()));
    // The keyword begins the line, and blanks stand behind it.
    if (!line.starts_with(kKeyword) || line.size() == kKeyword.size() ||
        kBlank.find(line[kKeyword.size()]) == std::string_view::npos)
      continue;
    line.remove_prefix(std::min(line.find_first_not_of(kBlank, kKeyword.size()), line.size()));
    line = line.substr(0, line.find_first_of(" \t\r;#%/"));  // "%": the interface of a link-local address
    if (const auto server = rules::url::parse_address_range(line)) servers.push_back(*server);
  }
  return servers;
}

}  // namespace fairlead::agent::cover
