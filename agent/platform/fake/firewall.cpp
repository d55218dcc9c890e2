// A firewall that remembers the rules it was given, one a line in plain words, and refuses nothing.

#include "agent/platform/firewall.hpp"

#include <algorithm>
#include <charconv>

#include "agent/platform/fake/laptop.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr std::string_view kCounted = "counted ";

std::string text_of(std::uint32_t first, std::uint32_t last) {
  std::string text = std::to_string(first);
  if (last != first) text.append("-").append(std::to_string(last));
  return text;
}

std::string text_of(Transport transport, const rules::catalog::PortRange& ports) {
  return (transport == Transport::tcp ? "tcp " : "udp ") + text_of(ports.first, ports.last);
}

tl::unexpected<Error> not_permitted() {
  return fail(Errc::denied, Side::local, "only the administrator may speak to the firewall");
}

}  // namespace

std::string firewall_rules(const FirewallPlan& plan) {
  std::string out;
  const auto line = [&out](std::string_view word, const std::string& rest) {
    out.append(word).append(" ").append(rest).append("\n");
  };
  for (const AccountRange& people : plan.people) line("people", text_of(people.first, people.last));
  for (const auto& opening : plan.openings) {
    for (const auto& range : opening.to) {
      for (const auto& ports : opening.tcp) line("open", to_string(range) + " " + text_of(Transport::tcp, ports));
      for (const auto& ports : opening.udp) line("open", to_string(range) + " " + text_of(Transport::udp, ports));
    }
  }
  for (const std::uint16_t port : plan.web_ports) {
    line("lead", "tcp " + std::to_string(port) + " to " + std::to_string(plan.filter_port));
    line("refuse quic", "udp " + std::to_string(port));
  }
  for (const RefusedPorts& refused : plan.refused)
    line("refuse", std::string(to_string(refused.kind)) + " " + text_of(refused.transport, refused.ports));
  line("refuse", "protocol");
  for (const auto& server : plan.name_servers) line("ask names of", to_string(server));
  if (plan.only_web) line("refuse", "anything_else");
  line("refuse", "forwarded");
  for (const std::string_view refusal : kRefusals) line("counted", std::string(refusal) + " 0");
  return out;
}

FirewallState read_firewall(std::string_view listing) {
  FirewallState state;
  while (!listing.empty()) {
    const std::string_view line = listing.substr(0, listing.find('\n'));
    listing.remove_prefix(std::min(listing.size(), line.size() + 1));
    if (!line.starts_with(kCounted)) {
      state.rules.append(line).append("\n");
      continue;
    }
    const std::string_view counted = line.substr(kCounted.size());
    const std::size_t gap = std::min(counted.find(' '), counted.size());
    const std::string_view digits = counted.substr(std::min(gap + 1, counted.size()));
    std::uint64_t packets = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), packets);
    state.refused.emplace_back(counted.substr(0, gap), packets);
  }
  return state;
}

Result<std::optional<FirewallState>> look_at_firewall() {
  if (!is_administrator()) return not_permitted();
  const auto& rules = fake::laptop().firewall;
  if (!rules) return std::nullopt;
  return read_firewall(*rules);
}

Result<void> put_firewall(std::string_view rules) {
  if (!is_administrator()) return not_permitted();
  fake::laptop().firewall = rules;
  return {};
}

Result<void> remove_firewall() {
  if (!is_administrator()) return not_permitted();
  fake::laptop().firewall.reset();
  return {};
}

}  // namespace fairlead::agent::platform
