#include "agent/platform/fake/laptop.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "agent/platform/apart.hpp"
#include "agent/platform/clock_watch.hpp"
#include "agent/platform/firewall.hpp"
#include "agent/platform/network_watch.hpp"
#include "agent/platform/way_out.hpp"

using namespace fairlead;
using namespace fairlead::agent::platform;

namespace {

/// As it comes, before and after.
struct Fresh {
  Fresh() { fake::laptop() = {}; }
  ~Fresh() { fake::laptop() = {}; }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;
};

FirewallPlan plan() {
  FirewallPlan plan;
  plan.people = {{1000, 61183}};
  plan.filter_port = 3130;
  plan.web_ports = {443};
  plan.refused = {{Refusal::tor, Transport::tcp, {9050, 9051}}};
  return plan;
}

}  // namespace

TEST_CASE("accounts: those that were filled in are known by number and name, and nobody else") {
  const Fresh fresh;
  fake::laptop().accounts.push_back({UserId{1001}, "pupil", {"year9"}});
  CHECK(person_of(UserId{1001}).name == "pupil");
  CHECK(person_of(UserId{1001}).os_groups == std::vector<std::string>{"year9"});
  CHECK(person_of(UserId{1002}).found == rules::policy::Found::unknown);
  CHECK(account_named("pupil") == UserId{1001});
  CHECK_FALSE(account_named("other"));
}

TEST_CASE("act_as_owner_of: only the administrator becomes another account, and has no way back") {
  const Fresh fresh;
  const std::filesystem::path folder = std::filesystem::temp_directory_path();
  fake::laptop().owners[folder] = UserId{107};
  REQUIRE(act_as_owner_of(folder));
  CHECK(own_account() == UserId{1000});
  fake::laptop().own = fake::kAdministrator;
  REQUIRE(act_as_owner_of(folder));
  CHECK(own_account() == UserId{107});
  CHECK_FALSE(is_administrator());
}

TEST_CASE("firewall: remembers the rules it was given, for the administrator alone") {
  const Fresh fresh;
  const std::string rules = firewall_rules(plan());
  CHECK(put_firewall(rules).error().code == Errc::denied);
  CHECK(look_at_firewall().error().code == Errc::denied);
  fake::laptop().own = fake::kAdministrator;
  CHECK_FALSE(look_at_firewall().value());
  REQUIRE(put_firewall(rules));
  const auto state = look_at_firewall().value().value();
  CHECK(state.rules ==
        "people 1000-61183\nlead tcp 443 to 3130\nrefuse quic udp 443\nrefuse tor tcp 9050-9051\nrefuse protocol\n"
        "refuse forwarded\n");
  CHECK(state.refused.size() == kRefusals.size());
  REQUIRE(remove_firewall());
  CHECK_FALSE(look_at_firewall().value());
}

TEST_CASE("read_firewall: what was counted is told apart from the rules") {
  const auto state = read_firewall("people 1000\ncounted tor 17\ncounted");
  CHECK(state.rules == "people 1000\ncounted\n");
  REQUIRE(state.refused.size() == 1);
  CHECK(state.refused[0] == std::pair<std::string, std::uint64_t>{"tor", 17});
  CHECK(read_firewall("counted \n").refused.size() == 1);
}

TEST_CASE("what C++ does not know is told as absent, never as done") {
  CHECK(run_program({"/bin/true"}).error().code == Errc::not_found);
  CHECK(run_apart(kNobodyInParticular, std::chrono::seconds(1), [] { return std::string("done"); }).error().code ==
        Errc::denied);
  CHECK_FALSE(SocketOwners().owner({}, {}));
  CHECK_FALSE(is_quiet_and_open(0));
  CHECK(try_way_out({}, 3130).out == WayOut::no_network);
  CHECK(ClockWatch().descriptor() == -1);
  CHECK(NetworkWatch().descriptor() == -1);
  CHECK(FolderWatch(".").descriptor() == -1);
  std::uint64_t moved = 0;
  CHECK(KernelRelay().move(0, 1, 1, moved) == KernelRelay::Moved::failed);
  CHECK(aliases_of("a.example", "b.example", false).value() == std::vector<std::string>{"b.example"});
}
