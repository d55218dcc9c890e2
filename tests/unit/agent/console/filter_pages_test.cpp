// What the pages say of the filter itself: that it rests, that something gets past it, and what happened lately.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
using nlohmann::json;

namespace {

std::int64_t ago(std::chrono::minutes time) { return (kNow - time).time_since_epoch().count(); }

struct FilteringLaptop : Console {
  FilteringLaptop() {
    hands.status = [this] { return status.dump(); };
  }
  std::string page_of(Role role, const char* path = "/") { return ask(get(path, cookie(role))).body; }
  void note(const char* subject, const json& body) {
    agent::events::Entry entry;
    entry.time = kNow;
    entry.keep = kNow + std::chrono::hours(24);
    entry.kind = "health";
    entry.subject = subject;
    entry.body = body.dump();
    REQUIRE(store->add(std::move(entry)));
  }

  json covered = {
      {"state", "covered"}, {"reported", ago(std::chrono::minutes(3))}, {"lost", nullptr}, {"open", json::array()}};
  json status = {{"rules", {{"id", "0123"}, {"builtin", false}}}, {"cover", covered}, {"pause", nullptr}};
};

}  // namespace

TEST_CASE_FIXTURE(FilteringLaptop,
                  "filter: while all is well the lead reads nothing of it, and IT that it is covered") {
  CHECK_FALSE(has(page_of(Role::lead), "class=\"notice\""));
  const std::string health = page_of(Role::it);
  CHECK(has(health, "<h1>The filter is on</h1>"));
  CHECK(has(health, "nothing known gets past the filter"));
  CHECK_FALSE(has(health, "lately"));
}

TEST_CASE_FIXTURE(FilteringLaptop, "filter: lost cover is one sentence for the lead, and its parts are for IT") {
  status["cover"] = {{"state", "open"},
                     {"reported", ago(std::chrono::minutes(3))},
                     {"lost", ago(std::chrono::minutes(30))},
                     {"open", {"quic: HTTP/3"}}};
  status["warnings"] = {"Not covered: quic: HTTP/3"};
  const std::string lead = page_of(Role::lead);
  CHECK(has(lead, "can get past the filter; it was found today at 10:30"));
  CHECK_FALSE(has(lead, "quic"));
  const std::string health = page_of(Role::it);
  CHECK(has(health, "The filter is on, and needs you"));
  CHECK(has(health, "Not covered: quic"));
}

TEST_CASE_FIXTURE(FilteringLaptop, "filter: a pause is told to lead and IT with its reason, and not to learners") {
  status["pause"] = {{"until", ago(std::chrono::minutes(-10))}, {"because", "The <maths> site"}};
  for (const Role role : {Role::lead, Role::it}) {
    const std::string page = page_of(role);
    CHECK(has(page, "today at 11:10"));
    CHECK(has(page, "The &lt;maths&gt; site"));
  }
  for (const char* path : {"/", "/why", "/recorded"}) CHECK_FALSE(has(page_of(Role::learner, path), "maths"));
}

TEST_CASE_FIXTURE(FilteringLaptop, "filter: IT reads what happened lately, the newest first, whatever stands in it") {
  note("agent_stopped", {{"from", ago(std::chrono::minutes(60))},
                         {"to", ago(std::chrono::minutes(50))},
                         {"ended", "unexpectedly"},
                         {"laptop_was_off", true}});
  note("clock_changed", {{"from", ago(std::chrono::minutes(40))}, {"to", "soon"}});
  note("cover_lost", {{"part", "firewall"}, {"what", {"gone <b>"}}});
  note("pause_begun", json::array());
  const std::string health = page_of(Role::it);
  CHECK(has(health, "last alive today at 10:00, and ran again today at 10:10: it ended unexpectedly. The laptop was"));
  CHECK(has(health, "It had shown: today at 10:20. It showed then: a time that is not known."));
  CHECK(has(health, "Not covered any more: gone &lt;b&gt;"));
  CHECK(health.find("gone") < health.find("unexpectedly"));
  CHECK_FALSE(has(page_of(Role::lead), "unexpectedly"));
}
