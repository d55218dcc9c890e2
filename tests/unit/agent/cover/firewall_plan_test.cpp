#include "agent/cover/firewall_plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "agent/cover/known_ports.hpp"

using namespace fairlead::agent;
using namespace fairlead::agent::cover;
using fairlead::rules::catalog::Cover;
using fairlead::rules::catalog::CoverProfile;
using platform::AccountRange;
using platform::UserId;
using Ranges = std::vector<AccountRange>;

namespace {

Cover cover_of(CoverProfile profile) {
  Cover cover;
  cover.profile = profile;
  return cover;
}

Ranges people_without(std::vector<UserId> left_alone) {
  return plan_firewall(cover_of(CoverProfile::standard), {.left_alone = std::move(left_alone), .name_servers = {}})
      ->people;
}

std::string servers(std::string_view resolv_conf) {
  std::string text;
  for (const auto& server : name_servers_of(resolv_conf)) text.append(to_string(server)).append(" ");
  return text;
}

}  // namespace

TEST_CASE("plan_firewall: off plans nothing, strict alone stops everything but the web") {
  CHECK_FALSE(plan_firewall(cover_of(CoverProfile::off), {}));
  CHECK_FALSE(plan_firewall(cover_of(CoverProfile::standard), {})->only_web);
  CHECK(plan_firewall(cover_of(CoverProfile::strict), {})->only_web);
}

TEST_CASE("plan_firewall: people are all but the system's accounts, and but those that are left alone") {
  CHECK(people_without({}) == Ranges{{1000, 61183}, {65536, 4294967294}});
  CHECK(people_without({UserId{0}, UserId{998}, UserId{61184}, UserId{65534}, UserId{4294967295}}) ==
        Ranges{{1000, 61183}, {65536, 4294967294}});
  CHECK(people_without({UserId{1500}}) == Ranges{{1000, 1499}, {1501, 61183}, {65536, 4294967294}});
  CHECK(people_without({UserId{1001}, UserId{1000}, UserId{1001}}) == Ranges{{1002, 61183}, {65536, 4294967294}});
  CHECK(people_without({UserId{61183}, UserId{65536}, UserId{4294967294}}) ==
        Ranges{{1000, 61182}, {65537, 4294967293}});
}

TEST_CASE("plan_firewall: openings, name servers and every known way are in the plan") {
  Cover cover = cover_of(CoverProfile::strict);
  cover.open.push_back(
      {{fairlead::rules::url::parse_address_range("192.0.2.0/24").value()}, {{22, 22}}, {}, "SSH.", {}});
  const auto plan =
      plan_firewall(cover, {.left_alone = {}, .name_servers = name_servers_of("nameserver 192.0.2.53\n")});
  REQUIRE(plan);
  REQUIRE(plan->openings.size() == 1);
  CHECK(plan->openings[0].because == "SSH.");
  CHECK(plan->name_servers.size() == 1);
  CHECK(plan->filter_port == 3130);
  CHECK(plan->web_ports == std::vector<std::uint16_t>{80, 443, 8080, 8443});
  CHECK(plan->refused.size() == kKnownPorts.size());
}

TEST_CASE("known ports: none is the web's, none stands twice, and each has its reason") {
  const auto web = plan_firewall(cover_of(CoverProfile::strict), {})->web_ports;
  for (std::size_t i = 0; i < kKnownPorts.size(); ++i) {
    const KnownPort& one = kKnownPorts.at(i);
    CAPTURE(one.refused.ports.first);
    CHECK(one.refused.ports.first <= one.refused.ports.last);
    CHECK_FALSE(one.because.empty());
    for (const std::uint16_t port : web) CHECK((port < one.refused.ports.first || port > one.refused.ports.last));
    for (std::size_t j = 0; j < i; ++j) {
      const KnownPort& other = kKnownPorts.at(j);
      CHECK((other.refused.transport != one.refused.transport || other.refused.ports.last < one.refused.ports.first ||
             other.refused.ports.first > one.refused.ports.last));
    }
  }
}

TEST_CASE("name_servers_of: the addresses that a resolver would ask") {
  CHECK(servers("") == "");
  CHECK(servers("# Generated\nsearch office.example\nnameserver 192.0.2.53\nnameserver\t2001:db8::53\n") ==
        "192.0.2.53/32 2001:db8::53/128 ");
  CHECK(servers("nameserver fe80::1%wlan0") == "fe80::1/128 ");
  CHECK(servers("nameserver 192.0.2.1 # office\r\nnameserver 192.0.2.2;\r\n") == "192.0.2.1/32 192.0.2.2/32 ");
  CHECK(servers("nameserver 127.0.0.53\noptions edns0\n") == "127.0.0.53/32 ");
}

TEST_CASE("name_servers_of: what is no server opens nothing") {
  for (const std::string_view text :
       {"nameserver\n", "nameserver \n", "nameserver", "nameservers 192.0.2.1\n", " nameserver 192.0.2.1\n",
        "#nameserver 192.0.2.1\n", "nameserver dns.example\n", "nameserver  # 192.0.2.1\n"}) {
    CAPTURE(text);
    CHECK(servers(text) == "");
  }
  // Never a range of addresses, and never more than are asked.
  CHECK(servers("nameserver 192.0.2.0/24\n") == "192.0.2.0/32 ");
  CHECK(servers("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n") ==
        "192.0.2.1/32 192.0.2.2/32 192.0.2.3/32 ");
}
