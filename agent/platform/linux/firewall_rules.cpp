// nftables' own words for a plan. Two tables would be two moments; one table of the family inet is put in one
// transaction: declared (so that deleting it is no error), deleted, and made anew. Protocols are numbers (ICMP 1, TCP
// 6, UDP 17, ICMPv6 58): names are looked up in /etc/protocols, which a small system does not have.

#include <algorithm>
#include <charconv>

#include "agent/platform/firewall.hpp"

namespace fairlead::agent::platform {
namespace {

using rules::catalog::PortRange;

std::string text_of(const PortRange& ports) {
  std::string text = std::to_string(ports.first);
  if (ports.last != ports.first) text.append("-").append(std::to_string(ports.last));
  return text;
}

template <class T, class Text>
std::string joined(const std::vector<T>& items, const Text& text) {
  std::string out;
  for (const T& item : items) out.append(out.empty() ? "" : ", ").append(text(item));
  return "{ " + out + " }";
}

std::string destination(const rules::url::AddressRange& range) {
  return (range.is_ipv4() ? "ip daddr " : "ip6 daddr ") + to_string(range);
}

class Writer {
 public:
  void line(std::string_view text) { out_.append("    ").append(text).append("\n"); }
  void begin(std::string_view chain) { out_.append("  chain ").append(chain).append(" {\n"); }
  void end() { out_ += "  }\n"; }
  void plain(std::string_view text) { out_.append(text).append("\n"); }
  void refuse(std::string match, Refusal why) {
    line(match.append(match.empty() ? "" : " ").append("counter name ").append(to_string(why)).append(" goto refuse"));
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

/// One rule for each range at its ports: ranges may overlap, which sets of nftables do not allow.
void write_openings(const FirewallPlan& plan, Writer& out) {
  out.begin("opened");
  for (const rules::catalog::Opening& opening : plan.openings) {
    for (const auto& range : opening.to) {
      for (const PortRange& ports : opening.tcp)
        out.line(destination(range) + " tcp dport " + text_of(ports) + " accept");
      for (const PortRange& ports : opening.udp)
        out.line(destination(range) + " udp dport " + text_of(ports) + " accept");
    }
  }
  out.end();
}

/// Before other tables' translations (-100). What was translated keeps its interface in later chains and changes its
/// address: so "stays on this machine" is asked of the address.
void write_redirect(const FirewallPlan& plan, const std::string& web, Writer& out) {
  out.begin("to_the_filter");
  out.line("type nat hook output priority -110; policy accept;");
  out.line("meta skuid @people meta l4proto 6 jump web");
  out.end();
  out.begin("web");
  out.line("fib daddr type local accept");
  out.line("jump opened");
  out.line("tcp dport " + web + " redirect to :" + std::to_string(plan.filter_port));
  out.end();
}

/// The refused ports of one kind and transport as one rule.
void write_refused(const FirewallPlan& plan, Writer& out) {
  for (std::size_t kind = 0; kind < kRefusals.size(); ++kind) {
    for (const Transport transport : {Transport::tcp, Transport::udp}) {
      std::vector<PortRange> ports;
      for (const RefusedPorts& refused : plan.refused) {
        if (static_cast<std::size_t>(refused.kind) == kind && refused.transport == transport)
          ports.push_back(refused.ports);
      }
      if (ports.empty()) continue;
      const std::string protocol = transport == Transport::tcp ? "tcp" : "udp";
      out.refuse(protocol + " dport " + joined(ports, text_of), static_cast<Refusal>(kind));
    }
  }
}

/// No packet passes for being part of a connection that was let through earlier: a tunnel that began before the rules
/// ends with them.
void write_people(const FirewallPlan& plan, const std::string& web, Writer& out) {
  out.begin("out");
  out.line("type filter hook output priority 0; policy accept;");
  out.line("meta skuid @people jump people");
  out.end();
  out.begin("people");
  out.line("fib daddr type local accept");
  out.line("jump opened");
  out.refuse("udp dport " + web, Refusal::quic);
  out.refuse("tcp dport " + web, Refusal::web);
  write_refused(plan, out);
  out.refuse("meta l4proto != { 1, 6, 17, 58 }", Refusal::protocol);
  if (plan.only_web) {
    for (const auto& server : plan.name_servers)
      out.line(destination(server) + " meta l4proto { 6, 17 } th dport 53 accept");
    out.refuse("", Refusal::anything_else);
  }
  out.end();
}

}  // namespace

std::string firewall_rules(const FirewallPlan& plan) {
  const std::string web = joined(plan.web_ports, [](std::uint16_t port) { return std::to_string(port); });
  const auto range = [](const AccountRange& people) {
    return std::to_string(people.first) + "-" + std::to_string(people.last);
  };
  Writer out;
  out.plain("table inet fairlead");
  out.plain("delete table inet fairlead");
  out.plain("table inet fairlead {");
  for (const std::string_view refusal : kRefusals) out.plain("  counter " + std::string(refusal) + " { }");
  out.plain("  set people {");
  out.line("type uid");
  out.line("flags interval");
  out.line("elements = " + joined(plan.people, range));
  out.plain("  }");
  write_openings(plan, out);
  // At once, so that a program tries its next way instead of waiting.
  out.begin("refuse");
  out.line("meta l4proto 6 reject with tcp reset");
  out.line("reject with icmpx type port-unreachable");
  out.end();
  write_redirect(plan, web, out);
  write_people(plan, web, out);
  // A socket that is bound to a device sends there what is for this machine itself, and what was led to the filter: a
  // neighbour could take it. Here the device is known, and nothing can be answered.
  out.begin("leaving");
  out.line("type filter hook postrouting priority 0; policy accept;");
  out.line("meta skuid @people oifname != \"lo\" fib daddr type local counter name escaping drop");
  out.end();
  out.begin("through");
  out.line("type filter hook forward priority 0; policy accept;");
  out.refuse("", Refusal::forwarded);
  out.end();
  out.plain("}");
  return out.take();
}

FirewallState read_firewall(std::string_view listing) {
  constexpr std::string_view kCounter = "\tcounter ", kPackets = "\t\tpackets ";
  FirewallState state;
  std::string counter;
  while (!listing.empty()) {
    const std::size_t end = std::min(listing.find('\n'), listing.size() - 1) + 1;
    const std::string_view line = listing.substr(0, end);
    listing.remove_prefix(end);
    if (line.starts_with(kCounter))
      counter = line.substr(kCounter.size(), line.find(' ', kCounter.size()) - kCounter.size());
    if (!line.starts_with(kPackets)) {
      state.rules += line;
      continue;
    }
    const std::string_view digits = line.substr(kPackets.size());
    std::uint64_t packets = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), packets);
    state.refused.emplace_back(counter, packets);
  }
  return state;
}

}  // namespace fairlead::agent::platform
