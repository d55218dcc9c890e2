// The laptops of a fleet as the desk of an organisation shows them.

#include <doctest/doctest.h>

#include <regex>
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

/// Where links and forms of a page lead on this console.
std::vector<std::string> places_in(const std::string& html) {
  std::vector<std::string> out;
  for (const std::string_view name : {"href=\"/", "action=\"/"}) {
    for (std::size_t at = html.find(name); at != std::string::npos; at = html.find(name, at + 1)) {
      const std::size_t begin = at + name.size() - 1;
      out.push_back(html.substr(begin, html.find_first_of("\"?#", begin) - begin));
    }
  }
  return out;
}

/// Does a route of the desk answer for it? "{...}" stands for one part.
bool is_there(const std::string& place) {
  for (const Route& route : desk_routes()) {
    std::string pattern(route.path);
    for (std::size_t at = pattern.find('{'); at != std::string::npos; at = pattern.find('{'))
      pattern.replace(at, pattern.find('}') - at + 1, "[^/]+");
    if (std::regex_match(place, std::regex(pattern))) return true;
  }
  return false;
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
  CHECK(
      laptops::sentence(counts) ==
      "3 of 6 laptops are covered, 2 with old rules, 1 with a way past the filter, 1 not heard of for days, 1 without "
      "word of how they are.");
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

TEST_CASE("laptops: those of each site stand in a sentence of their own, and a lead of several may choose one") {
  Console console;
  console.router = Router(desk_routes());
  std::vector<Laptop> all = some();
  for (Laptop& one : all) one.site = one.name < "chisel" ? "St. Anna's" : "York";
  console.hands.laptops = [&] { return Result<std::vector<Laptop>>(all); };
  console.hands.erasures = [] { return Result<std::vector<Erasure>>(std::vector<Erasure>()); };
  const auto shown = [&](Role role, const std::string& path) {
    return console.ask(console.get(path, console.cookie(role))).body;
  };
  CHECK(has(shown(Role::it, "/laptops"), "<li>St. Anna&#39;s: "));
  CHECK_FALSE(has(shown(Role::lead, "/incidents"), "name=\"site\""));
  // What an address names is nothing, unless whoever answers narrowed the desk to it.
  CHECK_FALSE(has(shown(Role::lead, "/reports/week?site=York"), "alone."));
  console.hands.sites = [] { return std::vector<std::string>{"St. Anna's", "York"}; };
  CHECK(has(shown(Role::lead, "/laptops"), "<a href=\"/laptops?site=York\">York</a>: "));
  console.hands.site = "York";
  CHECK(has(shown(Role::lead, "/incidents?site=York"), "<option value=\"York\" selected>"));
  CHECK(has(shown(Role::lead, "/events"), "<option value=\"St. Anna&#39;s\">"));
  const std::string report = shown(Role::lead, "/reports/week?site=York");
  CHECK(has(report, "Of the laptops of <strong>York</strong> alone."));
  CHECK(has(report, "/reports/numbers.csv?from="));
  CHECK(has(report, "&amp;site=York\">The numbers"));
}

TEST_CASE("every link and form on the desk's pages leads to a page that is there") {
  Console console;
  console.router = Router(desk_routes());
  console.hands.laptops = [] { return Result<std::vector<Laptop>>(some()); };
  console.hands.erasures = [] { return Result<std::vector<Erasure>>(std::vector{Erasure{kNow, 3, 2}, {kNow, 0, 0}}); };
  console.hands.opened = [](Moment) {
    Opened opened;
    opened.may_close = true;
    return Result<std::vector<Opened>>(std::vector{opened});
  };
  console.appeal_about("K7QM-2D4X");
  const auto number = std::to_string(console.store->show("K7QM-2D4X")->incident);
  REQUIRE(
      console.ask(console.post("/incidents/" + number + "/review", "state=false_positive", console.cookie(Role::lead)))
          .status == 303);
  std::size_t links = 0;
  for (const Role role : {Role::lead, Role::it}) {
    const std::string session = console.cookie(role);
    for (const std::string path : {"/", "/laptops", "/opened", "/incidents", "/events", "/appeals", "/access",
                                   "/agreements", "/it/tasks", "/it/samples", "/reports/week", "/people/sam"}) {
      const auto shown = console.ask(console.get(path, session));
      if (shown.status != 200) continue;  // not for this role
      for (const std::string& link : places_in(shown.body)) {
        CAPTURE(path);
        CAPTURE(link);
        CHECK(is_there(link));
        ++links;
      }
    }
  }
  for (const std::string& link :
       places_in(console.ask(console.get("/incidents/" + number, console.cookie(Role::lead))).body)) {
    CAPTURE(link);
    CHECK(is_there(link));
  }
  CHECK(links > 60);
  const auto laptops = console.ask(console.get("/laptops", console.cookie(Role::lead))).body;
  CHECK(laptops.find("2 of 3 laptops have done the same") != std::string::npos);
  CHECK(laptops.find("no laptop had to be told") != std::string::npos);
}

TEST_CASE("the desk of an organisation has no page for learners and none of one laptop") {
  std::set<std::string> paths;
  for (const Route& route : desk_routes()) {
    CAPTURE(route.path);
    if (route.path != "/sign-in") CHECK_FALSE(route.roles.has(Role::learner));
    paths.emplace(route.path);
  }
  for (const char* there :
       {"/", "/laptops", "/opened", "/incidents", "/appeals", "/reports/week", "/it/tasks", "/sign-in"})
    CHECK(paths.contains(there));
  for (const char* not_there : {"/why", "/report", "/agreement", "/it/files", "/it/files/{name}", "/alerts", "/it"})
    CHECK_FALSE(paths.contains(not_there));
}
