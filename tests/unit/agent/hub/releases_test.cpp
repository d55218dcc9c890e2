#include "agent/hub/releases.hpp"

#include <doctest/doctest.h>

#include "agent/hub/shelf.hpp"
#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

Release release(std::uint64_t version, std::vector<unsigned> stages = {100}) {
  return {version,
          {"manifest " + std::to_string(version), "signature", "key", "key signature"},
          moment(),
          {std::move(stages), 0, moment(), std::chrono::hours(1), {}}};
}

struct ReleaseDesk {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  Releases releases{store->connection()};
  Shelf shelf{folder.path()};

  Answer ask(const std::string& device, const std::string& etag = "") {
    REQUIRE(shelf.fill(releases));
    Request request;
    request.method = "GET";
    request.path = "/v1/manifest";
    request.device = device;
    request.if_none_match = etag;
    return shelf.answer(request, moment()).value_or(Answer{});
  }
  std::string last_note() { return store->notes(1)->front().detail; }
  void tell(const std::string& device, std::uint64_t version, std::uint64_t blocked, Now now,
            const std::string& failing = "") {
    REQUIRE(releases.tell(device, {version, failing, failing.empty() ? 0U : 2U, "today", blocked}, now));
  }
};

/// One that is, or is not, among so many percent.
std::string device_among(std::uint64_t version, unsigned percent, bool among) {
  for (int i = 0;; ++i) {
    std::string device = "device" + std::to_string(i);
    if (is_among(device, version, percent) == among) return device;
  }
}

TEST_CASE("publish: versions only grow") {
  ReleaseDesk desk;
  REQUIRE(desk.releases.publish(release(3)));
  CHECK(desk.releases.publish(release(3)).error().code == Errc::refused);
  CHECK(desk.releases.publish(release(2)).error().code == Errc::refused);
  REQUIRE(desk.releases.publish(release(4, {5, 100})));
  const auto all = desk.releases.latest();
  REQUIRE(all->size() == 2);
  CHECK(all->front().version == 4);
  CHECK(all->front().rollout.stages == std::vector<unsigned>{5, 100});
  CHECK(all->front().manifest.key_signature == "key signature");
}

TEST_CASE("shelf: a device is handed the new one or the one before, and nothing that it knows") {
  ReleaseDesk desk;
  CHECK(desk.ask("device1").status == 404);
  REQUIRE(desk.releases.publish(release(1)));
  REQUIRE(desk.releases.publish(release(2, {50, 100})));
  const std::string early = device_among(2, 50, true), late = device_among(2, 50, false);
  CHECK(desk.ask(early).etag == "\"2\"");
  CHECK(desk.ask(late).etag == "\"1\"");
  CHECK(desk.ask(late).body.find("manifest 1") != std::string::npos);
  CHECK(desk.ask(late, "\"1\"").status == 304);
  CHECK(desk.ask(early, "\"1\"").status == 200);
  // Whoever has it when it is stopped keeps it, and nobody else is handed it.
  REQUIRE(desk.releases.stop(2, "by hand", moment()));
  CHECK(desk.ask(early, "\"2\"").status == 304);
  CHECK(desk.ask(early, "\"1\"").status == 304);
  CHECK(desk.ask(early).etag == "\"1\"");
  CHECK_FALSE(desk.releases.stop(2, "by hand", moment()));
  REQUIRE(desk.releases.go_on(2, moment()));
  CHECK(desk.ask(early).etag == "\"2\"");
  for (const char* odd : {"2", "\"\"", "W/\"2\"", "*", "\"99999999999999999999\"", "\"x\""})
    CHECK(desk.ask(early, odd).status == 200);
}

TEST_CASE("shelf: who proves nothing, who is revoked and what is no digest are another's to refuse") {
  ReleaseDesk desk;
  REQUIRE(desk.releases.publish(release(1)));
  REQUIRE(desk.store->add_code("CODE", "learners", 1, moment(3600), moment()));
  REQUIRE(*desk.store->redeem("CODE", "device1", "one", moment()) == Redeemed::yes);
  REQUIRE(desk.store->revoke("device1", moment()));
  REQUIRE(desk.shelf.fill(desk.releases));
  const auto is_left = [&](const std::string& path, const std::string& device, const std::string& fault = "",
                           const std::string& method = "GET") {
    Request request;
    request.method = method;
    request.path = path;
    request.device = device;
    request.fault = fault;
    return !desk.shelf.answer(request, moment());
  };
  CHECK_FALSE(is_left("/v1/manifest", "device2"));
  CHECK(is_left("/v1/manifest", ""));
  CHECK(is_left("/v1/manifest", "device1"));
  CHECK(is_left("/v1/manifest", "device2", "certificate has expired"));
  CHECK(is_left("/v1/manifest", "device2", "", "POST"));
  CHECK(is_left("/v1/bundle/" + std::string(64, 'a'), ""));
  CHECK(is_left("/v1/bundle/../hub.db", ""));
  CHECK(is_left("/v1/bundle/hub.db", ""));
}

TEST_CASE("tell: blocks count from the release on, over the same time for all, whatever starts anew") {
  ReleaseDesk desk;
  REQUIRE(desk.releases.publish(release(1)));
  desk.tell("old", 1, 100, moment());
  desk.tell("new", 1, 100, moment());
  REQUIRE(desk.releases.publish(release(2, {50, 100})));
  const Release latest = desk.releases.latest()->front();
  desk.tell("old", 1, 110, moment(900));  // what it blocked before the release says nothing of it
  desk.tell("old", 1, 130, moment(1800));
  desk.tell("new", 2, 140, moment(900));
  desk.tell("new", 2, 150, moment(1800));
  desk.tell("new", 2, 4, moment(2700));  // the agent started anew
  const auto heard = desk.releases.heard(latest);
  REQUIRE(heard);
  CHECK(heard->on_it == 1);
  CHECK(heard->blocks == 14);
  CHECK(heard->hours == doctest::Approx(0.5));
  CHECK(heard->blocks_of_others == 20);
  CHECK(heard->hours_of_others == doctest::Approx(0.25));
}

TEST_CASE("look: what laptops refuse stops it and is noted; what they take goes on, stage by stage") {
  ReleaseDesk desk;
  REQUIRE(desk.releases.publish(release(1)));
  REQUIRE(desk.releases.publish(release(2, {50, 100})));
  const std::string early = device_among(2, 50, true);
  desk.tell(early, 2, 0, moment(60));
  REQUIRE(desk.releases.look(moment(120)));
  CHECK(desk.releases.latest()->front().rollout.stage == 0);
  REQUIRE(desk.releases.look(moment(3700)));
  CHECK(desk.releases.latest()->front().rollout.is_complete());
  CHECK(desk.last_note() == "version 2 to 100 %");
  desk.tell("device-x", 1, 0, moment(3800), "a test failed");
  REQUIRE(desk.releases.look(moment(3900)));
  CHECK(desk.releases.latest()->front().rollout.stopped == "1 of 1 laptops cannot use it: a test failed");
  CHECK(desk.last_note().starts_with("version 2: 1 of 1"));
}

TEST_CASE("tell: a refusal is news once") {
  ReleaseDesk desk;
  const RulesTold told{1, "rolled back", 9, "today", 0};
  CHECK(*desk.releases.tell("one", told, moment()));
  CHECK_FALSE(*desk.releases.tell("one", told, moment()));
  CHECK_FALSE(*desk.releases.tell("one", {1, "", 0, "today", 0}, moment()));
  CHECK(*desk.releases.tell("one", told, moment()));
}

}  // namespace
}  // namespace fairlead::agent::hub
