#include "agent/command/fleet.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace fairlead::agent::command {
namespace {

using nlohmann::json;

json status() {
  return json::parse(R"({
    "started": "2026-11-28T08:00:00Z", "blocked": 7, "alerts": {"routes": [{"route": "mail lead@example.org"}]},
    "warnings": ["Filtering rests until ...: Robin's exam"],
    "pause": {"until": 1, "because": "Robin's exam"},
    "cover": {"state": "open", "open": ["firewall: gone"], "reported": 1, "lost": 1},
    "rules": {"id": "abc", "since": "2026-11-28T08:00:00Z", "builtin": false, "last_load_refused": true,
              "problems": ["policy.yaml:3:1: error: 'robin' ..."]},
    "events": {"recorded": 9, "waiting": 2, "lost": 0, "quiet": 5, "trouble": "t", "notice": "n"}})");
}

TEST_CASE("health_of: what the hub is told names nobody, whatever the status holds") {
  const json told = health_of(status());
  CHECK(told == json::parse(R"({
    "started": "2026-11-28T08:00:00Z", "paused": true, "blocked": 7,
    "cover": {"state": "open", "open": ["firewall: gone"], "reported": 1, "lost": 1},
    "rules": {"id": "abc", "since": "2026-11-28T08:00:00Z", "builtin": false, "last_load_refused": true},
    "events": {"waiting": 2, "lost": 0}})"));
}

TEST_CASE("add_fleet: a laptop of no fleet says nothing of one, one in trouble says so to IT") {
  json out = {{"warnings", json::array()}};
  add_fleet(out, {}, {}, {});
  CHECK(out == json{{"warnings", json::array()}});
  fleet::SenderStatus sender;
  sender.member = true;
  sender.hub = "https://hub.example:8443";
  sender.waiting = 3;
  sender.parked = 1;
  sender.trouble = "the hub cannot be reached";
  add_fleet(out, sender, {}, {});
  CHECK(out["fleet"]["waiting"] == 3);
  CHECK(out["fleet"]["confirmed"].is_null());
  CHECK(out["warnings"].size() == 2);
}

TEST_CASE("add_fleet: stale rules and refused ones are said to IT, and told to the hub") {
  json out = status();
  fleet::SenderStatus sender;
  sender.member = true;
  fleet::UpdaterStatus rules;
  rules.awaits_rules = true;
  rules.version = 7;
  rules.digest = "abc";
  rules.stale = true;
  rules.refused_version = 6;
  rules.refused = "rolled back";
  add_fleet(out, sender, rules, {"fleet/exceptions.yaml:2: warning: it does not hold"});
  CHECK(out["warnings"].size() == 4);
  CHECK(health_of(out)["bundle"] ==
        json::parse(R"({"version": 7, "digest": "abc", "stale": true, "expires": "1970-01-01T00:00:00Z",
                        "refused_version": 6, "refused": "rolled back"})"));
}

}  // namespace
}  // namespace fairlead::agent::command
