#include "agent/command/cover_record.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace fairlead;
using namespace fairlead::agent;
using namespace fairlead::agent::command;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr WallTime kBegin{std::chrono::milliseconds{1'774'436'400'000}};
using Lines = std::vector<std::string>;

platform::Clocks after(std::chrono::milliseconds passed) { return {kBegin + passed, 1h + passed, 1h + passed}; }

/// "cover_lost quic, vpn" for each entry.
Lines told(const std::vector<events::Entry>& entries) {
  Lines out;
  for (const events::Entry& entry : entries) {
    CHECK(entry.kind == "health");
    CHECK(entry.actor.empty());
    CHECK(entry.person.empty());
    std::string line = entry.subject;
    const json body = json::parse(entry.body);
    for (const json& one : body["what"]) line.append(" ").append(one.get<std::string>());
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace

TEST_CASE("Cover: what changed is told once, what stays as it was is not told again") {
  Cover cover;
  CHECK(cover.told(after(0s))["state"] == "unknown");
  CHECK(told(cover.take({"ways", "in_force", {}}, after(0s))).empty());
  CHECK(cover.told(after(0s))["state"] == "covered");
  CHECK(told(cover.take({"ways", "open", {"quic", "vpn"}}, after(5min))) == Lines{"cover_lost quic vpn"});
  CHECK(told(cover.take({"ways", "open", {"quic", "vpn"}}, after(10min))).empty());
  CHECK(told(cover.take({"ways", "open", {"vpn", "ssh"}}, after(15min))) ==
        Lines{"cover_lost ssh", "cover_restored quic"});
  const json now = cover.told(after(15min));
  CHECK(now["state"] == "open");
  CHECK(now["lost"] == (kBegin + 5min).time_since_epoch().count());
  CHECK(now["open"] == json({"vpn", "ssh"}));
  CHECK(told(cover.take({"ways", "in_force", {}}, after(20min))) == Lines{"cover_restored vpn ssh"});
  CHECK(cover.told(after(20min))["state"] == "covered");
}

TEST_CASE("Cover: a part that was gone and is back is told as lost and as restored") {
  Cover cover;
  CHECK(told(cover.take({"firewall", "was_gone", {}}, after(0s))) == Lines{"cover_lost gone", "cover_restored gone"});
  CHECK(told(cover.take({"firewall", "failed", {}}, after(1s))) == Lines{"cover_lost failed"});
  CHECK(cover.told(after(1s))["open"] == json({"firewall: failed"}));
  // Gone as well, and back whole.
  CHECK(told(cover.take({"firewall", "was_gone", {}}, after(2s))) ==
        Lines{"cover_lost gone", "cover_restored gone failed"});
  CHECK(told(cover.take({"firewall", "in_force", {}}, after(3s))).empty());
}

TEST_CASE("Cover: is not known without a report of the ways, nor after a sleep; what was open stays open") {
  Cover cover;
  static_cast<void>(cover.take({"ways", "in_force", {}}, after(0s)));
  static_cast<void>(cover.take({"firewall", "in_force", {}}, after(14min)));
  CHECK(cover.told(after(14min))["state"] == "covered");
  CHECK(cover.told(after(16min))["state"] == "unknown");  // the firewall's word is not that of the ways
  static_cast<void>(cover.take({"ways", "in_force", {}}, after(17min)));
  cover.make_stale();
  CHECK(cover.told(after(17min))["state"] == "unknown");
  static_cast<void>(cover.take({"ways", "open", {"quic"}}, after(18min)));
  cover.make_stale();
  CHECK(cover.told(after(18min))["state"] == "open");
}

TEST_CASE("Cover: what was lost before a start is not lost once more after it") {
  Cover before;
  auto entries = before.take({"ways", "open", {"quic", "vpn"}}, after(0s));
  auto more = before.take({"ways", "open", {"vpn"}}, after(5min));
  std::vector<events::Entry> newest_first{more.at(0), entries.at(0)};
  Cover next;
  next.recall(newest_first);
  CHECK(next.told(after(10min))["lost"] == kBegin.time_since_epoch().count());
  CHECK(told(next.take({"ways", "open", {"vpn"}}, after(10min))).empty());
  CHECK(told(next.take({"ways", "in_force", {}}, after(15min))) == Lines{"cover_restored vpn"});
}

TEST_CASE("read_cover_report: takes words, bounds what it keeps, refuses the rest") {
  CHECK(read_cover_report(json{{"part", "firewall"}, {"state", "in_force"}}));
  for (const json& bad :
       {json{{"part", "firewall"}}, json{{"part", 3}, {"state", "open"}},
        json{{"part", "Fire wall"}, {"state", "open"}}, json{{"part", std::string(33, 'a')}, {"state", "open"}}}) {
    CHECK_FALSE(read_cover_report(bad));
  }
  const auto long_one =
      read_cover_report(json{{"part", "ways"}, {"state", "open"}, {"what", json::array({7, std::string(9000, 'x')})}});
  REQUIRE(long_one);
  CHECK(long_one->what.size() == 1);
  CHECK(long_one->what.front().size() == 200);
}
