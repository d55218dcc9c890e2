// The laptops of a fleet as the desk of an organisation shows them.

#include <doctest/doctest.h>

#include <set>

#include "agent/console/laptops/standing.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using agent::console::laptops::Cover;
using agent::console::laptops::Standing;
using namespace std::chrono_literals;

namespace {

const Moment kAtNow{std::chrono::hours(24 * 365 * 50)};

Laptop laptop(const std::string& name, const std::string& health, std::chrono::hours ago = 0h) {
  return {"id-" + name, name, "learners", kAtNow - 1000h, kAtNow - ago, false, health};
}

std::string health(const std::string& cover, int version) {
  return R"({"cover":{"state":")" + cover + R"("},"paused":false,"events":{"waiting":3},"bundle":{"version":)" +
         std::to_string(version) + "}}";
}

std::vector<Laptop> some() {
  std::vector<Laptop> out = {laptop("beam", health("covered", 7)),       laptop("adze", health("covered", 7)),
                             laptop("chisel", health("covered", 6)),     laptop("drill", health("open", 7)),
                             laptop("easel", health("covered", 7), 97h), laptop("file", ""),
                             laptop("gauge", health("covered", 5))};
  out[6].revoked = true;
  return out;
}

}  // namespace

TEST_CASE("standings: who has to be looked after stands first, and a revoked laptop counts for nothing") {
  const auto all = laptops::standings(some(), kAtNow);
  std::string order;
  for (const Standing& one : all) order += one.laptop.name + " ";
  CHECK(order == "drill easel file chisel adze beam gauge ");
  CHECK(all[0].cover == Cover::open);
  CHECK(all[1].cover == Cover::overdue);
  CHECK(all[2].cover == Cover::unknown);
  CHECK(all[3].old_rules);
  CHECK_FALSE(all[6].old_rules);
  const auto counts = laptops::count(all);
  CHECK(counts.laptops == 6);
  CHECK(counts.covered == 3);
  CHECK(laptops::sentence(counts) ==
        "3 of 6 laptops are covered, 2 with old rules, 1 with a way past the filter, 1 not heard of for days, 1 that "
        "have not said how they are.");
  CHECK(laptops::sentence({}) == "No laptop has joined yet.");
}

TEST_CASE("standings: what a laptop tells is not believed to be of any shape") {
  for (const char* told : {"[]", "7", "{", R"({"cover":7,"bundle":[]})", R"({"cover":{"state":[]},"events":"x"})"}) {
    const auto all = laptops::standings(std::vector{laptop("odd", told)}, kAtNow);
    REQUIRE(all.size() == 1);
    CHECK(all[0].cover == Cover::unknown);
    CHECK(all[0].version == 0);
  }
}

TEST_CASE("the desk of an organisation has no page for learners and none of one laptop") {
  std::set<std::string> paths;
  for (const Route& route : desk_routes()) {
    CAPTURE(route.path);
    if (route.path != "/sign-in") CHECK_FALSE(route.roles.has(Role::learner));
    paths.emplace(route.path);
  }
  for (const char* there : {"/", "/laptops", "/incidents", "/appeals", "/reports/week", "/it/tasks", "/sign-in"})
    CHECK(paths.contains(there));
  for (const char* not_there : {"/why", "/report", "/agreement", "/it/files", "/it/files/{name}", "/alerts", "/it"})
    CHECK_FALSE(paths.contains(not_there));
}
