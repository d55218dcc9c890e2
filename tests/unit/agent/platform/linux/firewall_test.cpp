#include "agent/platform/firewall.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::platform;
using fairlead::rules::url::parse_address_range;

namespace {

FirewallPlan plan() {
  FirewallPlan plan;
  plan.people = {{1000, 1499}, {1501, 61183}};
  plan.filter_port = 3130;
  plan.web_ports = {80, 443};
  plan.refused = {{Refusal::vpn, Transport::udp, {1194, 1194}},
                  {Refusal::tor, Transport::tcp, {9050, 9051}},
                  {Refusal::vpn, Transport::udp, {500, 500}}};
  plan.openings = {{{parse_address_range("52.112.0.0/14").value(), parse_address_range("2603:1063::/38").value()},
                    {{22, 22}},
                    {{3478, 3481}},
                    "Calls.",
                    {}}};
  plan.name_servers = {parse_address_range("192.0.2.53").value(), parse_address_range("fe80::1").value()};
  return plan;
}

constexpr std::string_view kStandard = R"(table inet fairlead
delete table inet fairlead
table inet fairlead {
  counter quic { }
  counter web { }
  counter encrypted_names { }
  counter proxy { }
  counter vpn { }
  counter tor { }
  counter protocol { }
  counter anything_else { }
  counter escaping { }
  counter forwarded { }
  set people {
    type uid
    flags interval
    elements = { 1000-1499, 1501-61183 }
  }
  chain opened {
    ip daddr 52.112.0.0/14 tcp dport 22 accept
    ip daddr 52.112.0.0/14 udp dport 3478-3481 accept
    ip6 daddr 2603:1063::/38 tcp dport 22 accept
    ip6 daddr 2603:1063::/38 udp dport 3478-3481 accept
  }
  chain refuse {
    meta l4proto 6 reject with tcp reset
    reject with icmpx type port-unreachable
  }
  chain to_the_filter {
    type nat hook output priority -110; policy accept;
    meta skuid @people meta l4proto 6 jump web
  }
  chain web {
    fib daddr type local accept
    jump opened
    tcp dport { 80, 443 } redirect to :3130
  }
  chain out {
    type filter hook output priority 0; policy accept;
    meta skuid @people jump people
  }
  chain people {
    fib daddr type local accept
    jump opened
    udp dport { 80, 443 } counter name quic goto refuse
    tcp dport { 80, 443 } counter name web goto refuse
    udp dport { 1194, 500 } counter name vpn goto refuse
    tcp dport { 9050-9051 } counter name tor goto refuse
    meta l4proto != { 1, 6, 17, 58 } counter name protocol goto refuse
  }
  chain leaving {
    type filter hook postrouting priority 0; policy accept;
    meta skuid @people oifname != "lo" fib daddr type local counter name escaping drop
  }
  chain through {
    type filter hook forward priority 0; policy accept;
    counter name forwarded goto refuse
  }
}
)";

}  // namespace

TEST_CASE("firewall_rules: a plan in nftables' words, one table in one transaction") {
  CHECK(firewall_rules(plan()) == kStandard);
}

TEST_CASE("firewall_rules: where only the web passes, name servers are asked and all else is refused, in that order") {
  FirewallPlan strict = plan();
  strict.only_web = true;
  std::string expected(kStandard);
  const std::string last = "counter name protocol goto refuse\n";
  expected.insert(expected.find(last) + last.size(),
                  "    ip daddr 192.0.2.53/32 meta l4proto { 6, 17 } th dport 53 accept\n"
                  "    ip6 daddr fe80::1/128 meta l4proto { 6, 17 } th dport 53 accept\n"
                  "    counter name anything_else goto refuse\n");
  CHECK(firewall_rules(strict) == expected);
}

TEST_CASE("read_firewall: what was counted is told apart, so that two listings of the same rules are equal") {
  const std::string before =
      "table inet fairlead {\n\tcounter quic {\n\t\tpackets 0 bytes 0\n\t}\n\n\tcounter vpn {\n\t\tpackets 0 bytes "
      "0\n\t}\n\n"
      "\tchain people {\n\t\tudp dport 443 counter name \"quic\" goto refuse\n\t}\n}\n";
  std::string after = before;
  after.replace(after.find("packets 0 bytes 0"), 17, "packets 17 bytes 23800");
  const FirewallState was = read_firewall(before), is = read_firewall(after);
  CHECK(was.rules == is.rules);
  CHECK(was.rules.find("udp dport 443 counter name \"quic\" goto refuse") != std::string::npos);
  REQUIRE(is.refused.size() == 2);
  CHECK(is.refused[0] == std::pair<std::string, std::uint64_t>{"quic", 17});
  CHECK(is.refused[1] == std::pair<std::string, std::uint64_t>{"vpn", 0});
  CHECK(read_firewall("").rules.empty());
  CHECK(read_firewall("table inet fairlead {").rules == "table inet fairlead {");
}
