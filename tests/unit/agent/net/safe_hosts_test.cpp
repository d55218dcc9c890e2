#include "agent/net/safe_hosts.hpp"

#include <doctest/doctest.h>

using namespace fairlead;
using namespace fairlead::agent;
using namespace std::chrono_literals;

namespace {

using TimePoint = net::SafeHosts::TimePoint;

constexpr TimePoint kStart{1774436400s};
/// Nothing outside is asked for a label that is longer than a name can hold.
const std::string kNowhere = std::string(70, 'n') + ".example";

/// Rules that hold a group to a search engine's host.
std::shared_ptr<const rules::policy::Rules> rules_with(const std::string& safe_host, const std::string& version) {
  auto loaded = rules::catalog::load_texts(
      {{"content/c.yaml",
        "category: c\ntitle: C\nrisk: content\nseverity: low\nsays: S.\nblock: {hosts: [c.example]}\n"
        "tests: {must_block: [c.example], must_allow: []}\n"},
       {"policy.yaml", "organisation: O\nversion: '" + version +
                           "'\ngroups: {g: {title: G, actions: {c: block}, default: allow}}\nunknown_person: g\n"}});
  REQUIRE(loaded.usable());
  rules::catalog::SafeSearchEngine engine;
  engine.id = "engine";
  engine.strict = safe_host;
  loaded.catalog.safe_search = {engine};
  std::vector<rules::catalog::Problem> problems;
  return rules::policy::Rules::build(std::move(loaded.catalog), problems);
}

struct World {
  TimePoint now = kStart;
  net::asio::io_context context;
  net::Resolver resolver{context};
  net::SafeHosts hosts{context, resolver, [this] { return now; }};

  /// Whether somebody's visit has the hosts looked up.
  bool looks(const std::shared_ptr<const rules::policy::Rules>& rules) {
    hosts.network_is_there(rules);
    context.restart();
    return context.run() > 0;
  }
};

}  // namespace

TEST_CASE("SafeHosts: once a day by the clock on the wall, which goes on while the laptop sleeps") {
  World world;
  const auto rules = rules_with("localhost", "1");
  CHECK(world.looks(rules));
  CHECK(world.hosts.missing().empty());
  CHECK_FALSE(world.looks(rules));
  world.now += 23h;
  CHECK_FALSE(world.looks(rules));
  world.now += 1h;
  CHECK(world.looks(rules));
  world.now -= 1000h;  // set back
  CHECK(world.looks(rules));
}

TEST_CASE("SafeHosts: what other rules do not need is not missing") {
  World world;
  CHECK(world.looks(rules_with(kNowhere, "1")));
  CHECK(world.hosts.missing() == std::set<std::string>{kNowhere});
  world.hosts.network_is_there(rules_with("localhost", "2"));
  CHECK(world.hosts.missing().empty());  // before anything was looked up
  world.context.restart();
  CHECK(world.context.run() > 0);
  CHECK(world.hosts.missing().empty());
}

TEST_CASE("SafeHosts: a laptop that comes back from sleep asks again at its first look-up") {
  World world;
  const auto rules = rules_with("localhost", "1");
  CHECK(world.looks(rules));
  CHECK_FALSE(world.looks(rules));
  world.hosts.ask_again();
  CHECK(world.looks(rules));
  CHECK_FALSE(world.looks(rules));
}
