#pragma once
// The operating system's own firewall: what it shall do, as data that no system is named in, and how it is told.
// Nothing here decides what shall be refused; agent/cover does. What is marked "blocks" starts a program.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/platform/platform.hpp"
#include "agent/platform/way_out.hpp"
#include "rules/base/result.hpp"
#include "rules/catalog/cover_values.hpp"
#include "rules/url/address_range.hpp"

namespace fairlead::agent::platform {

/// Why something was refused; each is counted.
enum class Refusal : std::uint8_t {
  quic,             // the web over UDP
  web,              // a connection to the web that is older than the rules
  encrypted_names,  // questions to name servers that nobody can judge
  proxy,
  vpn,
  tor,
  protocol,       // neither TCP nor UDP nor ICMP
  anything_else,  // what a strict plan does not let pass
  escaping,       // for this machine itself, and on its way out all the same
  forwarded,      // from a container or a virtual machine with a network of its own
};
inline constexpr std::array<std::string_view, 10> kRefusals{
    "quic", "web", "encrypted_names", "proxy", "vpn", "tor", "protocol", "anything_else", "escaping", "forwarded"};
[[nodiscard]] constexpr std::string_view to_string(Refusal refusal) {
  return kRefusals[static_cast<std::size_t>(refusal)];
}

/// Numbers of accounts; both ends belong to it.
struct AccountRange {
  std::uint32_t first = 0, last = 0;
  [[nodiscard]] bool operator==(const AccountRange&) const = default;
};

struct RefusedPorts {
  Refusal kind;
  Transport transport;
  rules::catalog::PortRange ports;
};

/// What holds for the sockets of `people`. All others are left alone, and so is what stays on this machine. In this
/// order: openings pass; TCP to `web_ports` leads to `filter_port` here; UDP to them, `refused` and strange protocols
/// are refused; and, where `only_web`, all but questions to `name_servers` as well. Forwarded traffic is refused.
struct FirewallPlan {
  bool only_web = false;
  std::vector<AccountRange> people;  // in order, apart from each other
  std::uint16_t filter_port = 0;
  std::vector<std::uint16_t> web_ports;
  std::vector<RefusedPorts> refused;
  std::vector<rules::catalog::Opening> openings;
  std::vector<rules::url::AddressRange> name_servers;
};

/// The plan in the words of this system's firewall: it takes the place of what was in force before, in one step. Pure.
[[nodiscard]] std::string firewall_rules(const FirewallPlan& plan);

struct FirewallState {
  std::string rules;                                           // as the system tells them, without what was counted
  std::vector<std::pair<std::string, std::uint64_t>> refused;  // how many packets, by Refusal
};
/// Reads what the system tells of its rules. Pure.
[[nodiscard]] FirewallState read_firewall(std::string_view listing);

/// What is in force of ours; nothing when there is nothing. Blocks, for milliseconds.
/// Errors   not_found: no firewall is installed; denied: not the administrator, or the system will not tell.
[[nodiscard]] Result<std::optional<FirewallState>> look_at_firewall();

/// Puts rules into force, all or none. Blocks, for milliseconds.
/// rules    what firewall_rules() gave.
/// Errors   as above; `denied` also for rules that the system refuses, with its words.
[[nodiscard]] Result<void> put_firewall(std::string_view rules);

/// Takes away what is ours, and nothing else. No error when there is nothing. Blocks, for milliseconds.
[[nodiscard]] Result<void> remove_firewall();

/// The number of an account; nothing when the system knows no such name. Blocks (directories over the network).
[[nodiscard]] std::optional<UserId> account_named(const std::string& name);

}  // namespace fairlead::agent::platform
