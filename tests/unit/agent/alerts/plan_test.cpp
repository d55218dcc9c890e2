#include "agent/alerts/plan.hpp"

#include <doctest/doctest.h>

#include "tests/unit/agent/alerts/samples.hpp"

using namespace fairlead::agent::alerts;
using namespace fairlead::agent::alerts::sample;
namespace events = fairlead::agent::events;
using events::State;
using fairlead::rules::catalog::Catalog;
using fairlead::rules::policy::Zone;

namespace {

const Zone kLondon = *Zone::find("Europe/London");

Waiting at_once(TimePoint since, Severity gravest = Severity::high) {
  Waiting waiting;
  waiting.at_once = {since, gravest};
  return waiting;
}

std::optional<Due> due(const Waiting& waiting, const Catalog& catalog, TimePoint now) {
  return next_due(waiting, catalog.policy, kLondon, now);
}

}  // namespace

TEST_CASE("consider: what the policy asks for is told, by severity and whether or not it was blocked") {
  const Catalog all = catalog();
  CHECK(consider(incident(1, "critical"), {}, all, kMonday)->way == AlertWay::at_once);
  CHECK(consider(incident(1, "high"), {}, all, kMonday)->way == AlertWay::at_once);
  CHECK_FALSE(consider(incident(1, "medium"), {}, all, kMonday));
  CHECK_FALSE(consider(incident(1, "low"), {}, all, kMonday));
  CHECK_FALSE(consider(incident(1, "purple"), {}, all, kMonday));
}

TEST_CASE("consider: a category's own rule goes before its severity") {
  Catalog all = catalog();
  all.policy.alerts.by_category = {{0, AlertWay::daily}};
  CHECK(consider(incident(1, "critical"), {}, all, kMonday)->way == AlertWay::daily);
  CHECK(consider(incident(1, "low"), {}, all, kMonday)->way == AlertWay::daily);
  all.policy.alerts.by_category = {{0, AlertWay::none}};
  CHECK_FALSE(consider(incident(1, "critical"), {}, all, kMonday));
}

TEST_CASE("consider: neither person nor host leaves the store unless the policy says so") {
  Catalog all = catalog();
  const auto item = consider(incident(1), {}, all, kMonday);
  CHECK(item->person.empty());
  CHECK(item->host.empty());
  CHECK(item->title == "Strangers and grooming");
  all.policy.alerts.includes.person = true;
  all.policy.alerts.includes.host = true;
  CHECK(consider(incident(1), {}, all, kMonday)->person == "sam");
  CHECK(consider(incident(1), {}, all, kMonday)->host == "strangers.example");
}

TEST_CASE("consider: the same incident not again within the hours, unless it became more severe") {
  const Catalog all = catalog();
  const Told told{Severity::high, kMonday, 1};
  events::Incident more = incident(1);
  more.count = 9;
  CHECK_FALSE(consider(more, told, all, kMonday + 1h));
  CHECK_FALSE(consider(more, told, all, kMonday + 12h - 1ms));
  CHECK(consider(more, told, all, kMonday + 12h)->reason == Reason::goes_on);
  more.severity = "critical";
  CHECK(consider(more, told, all, kMonday + 1s)->reason == Reason::more_severe);
  // A clock that was set back says nothing new.
  CHECK_FALSE(consider(incident(1), told, all, kMonday - 100h));
}

TEST_CASE("consider: a review is no reason to be told") {
  const Catalog all = catalog();
  events::Incident reviewed = incident(1);
  reviewed.state = State::no_action;
  CHECK_FALSE(consider(reviewed, {}, all, kMonday));
  const Told told{Severity::high, kMonday, 1};
  CHECK_FALSE(consider(reviewed, told, all, kMonday + 100h));
  reviewed.count = 2;
  CHECK_FALSE(consider(reviewed, told, all, kMonday + 100h));
  reviewed.state = State::in_review;
  CHECK(consider(reviewed, told, all, kMonday + 100h));
  events::Incident erased = incident(1);
  erased.erased = true;
  CHECK_FALSE(consider(erased, {}, all, kMonday));
}

TEST_CASE("next_due: at once is after a second of gathering") {
  const Catalog all = catalog();
  CHECK(due(at_once(kMonday), all, kMonday)->when == kMonday + 1s);
  CHECK(due(at_once(kMonday - 1h), all, kMonday)->when == kMonday);
  CHECK(due(at_once(kMonday + 50h), all, kMonday)->when == kMonday + 1s);  // the clock was set back
  CHECK_FALSE(due({}, all, kMonday));
}

TEST_CASE("next_due: after `most` messages the rest waits, and what is critical a minute") {
  const Catalog all = catalog();
  Waiting busy = at_once(kMonday);
  busy.sent = {kMonday - 9min, kMonday - 2s, kMonday - 1min};
  CHECK(due(busy, all, kMonday)->when == kMonday + 1min);  // ten minutes after the third last
  busy.at_once.gravest = Severity::critical;
  CHECK(due(busy, all, kMonday)->when == kMonday - 2s + 1min);
  busy.sent = {kMonday - 30s, kMonday - 20s, kMonday - 10s};
  busy.at_once.gravest = Severity::high;
  CHECK(due(busy, all, kMonday)->when == kMonday - 30s + 10min);
  busy.sent.pop_back();
  CHECK(due(busy, all, kMonday)->when == kMonday + 1s);
  busy.sent = {kMonday + 1h, kMonday + 2h, kMonday + 3h};  // the clock was set back
  CHECK(due(busy, all, kMonday)->when == kMonday + 1s);
}

TEST_CASE("next_due: behind a message that was refused for good others come slowly") {
  const Catalog all = catalog();
  Waiting parked = at_once(kMonday);
  parked.parked = true;
  parked.sent = {kMonday - 10min};
  CHECK(due(parked, all, kMonday)->when == kMonday + 50min);
  parked.at_once.gravest = Severity::critical;
  CHECK(due(parked, all, kMonday)->when == kMonday + 1s);
}

TEST_CASE("next_due: quiet hours wait for their end, but what is critical goes, and goes alone") {
  Catalog all = catalog();
  add_quiet_hours(all);
  const TimePoint night = kMonday + 11h;  // Monday 23:00
  CHECK(due(at_once(night), all, night)->when == kMonday + 20h);
  CHECK(due(at_once(night), all, night)->least == Severity::low);
  const auto critical = due(at_once(night, Severity::critical), all, night);
  CHECK(critical->when == night + 1s);
  CHECK(critical->least == Severity::critical);
  all.policy.alerts.quiet_override.reset();
  CHECK(due(at_once(night, Severity::critical), all, night)->when == kMonday + 20h);
  const TimePoint friday_night = kMonday + 4 * 24h + 11h;
  CHECK(due(at_once(friday_night), all, friday_night)->when == kMonday + 7 * 24h - 4h);  // Monday 08:00
}

TEST_CASE("next_due: quiet hours that never end keep nobody silent for ever") {
  Catalog all = catalog();
  all.policy.schedules = {{"always", {{0x7F, 0, 24 * 60}}, {}}};
  all.policy.alerts.quiet = std::uint16_t{0};
  const auto told = due(at_once(kMonday), all, kMonday);
  REQUIRE(told);
  CHECK(told->when == kMonday + 1s);
  CHECK(told->least == Severity::low);
}

TEST_CASE("next_due: digests go at their time on the wall, also when the laptop slept through it") {
  Catalog all = catalog();
  Waiting waiting;
  waiting.daily = {kMonday, Severity::medium};
  CHECK(due(waiting, all, kMonday)->when == kMonday + 20h);  // Tuesday 08:00
  CHECK(due(waiting, all, kMonday)->way == AlertWay::daily);
  CHECK(due(waiting, all, kMonday + 50h)->when == kMonday + 50h);
  waiting = {};
  waiting.weekly = {kMonday, Severity::low};
  CHECK(due(waiting, all, kMonday)->when == kMonday + 7 * 24h - 4h);
  // 29 March 2026: the clocks go forward, and 08:00 on the wall is 07:00 UTC.
  waiting = {};
  const TimePoint saturday = std::chrono::sys_days{std::chrono::year{2026} / 3 / 28} + 12h;
  waiting.daily = {saturday, Severity::medium};
  CHECK(due(waiting, all, saturday)->when == saturday + 19h);
}

TEST_CASE("back_off: doubles from half a minute to an hour, with chance in all of it") {
  CHECK(back_off(1, 1.0) == 30s);
  CHECK(back_off(2, 1.0) == 60s);
  CHECK(back_off(7, 1.0) == 32min);
  CHECK(back_off(8, 1.0) == 60min);
  CHECK(back_off(4000000000U, 1.0) == 60min);
  CHECK(back_off(0, 1.0) == 30s);
  CHECK(back_off(5, 0.5) == 4min);
  CHECK(back_off(5, 0.0) == 1s);
}

TEST_CASE("shown_route: the path of a webhook may be its secret and is not shown") {
  CHECK(shown_route("webhook https://hooks.example.org:8443/services/T0/secret?x=1") ==
        "webhook https://hooks.example.org:8443");
  CHECK(shown_route("webhook https://hooks.example.org?secret") == "webhook https://hooks.example.org");
  CHECK(shown_route("mail lead@example.org") == "mail lead@example.org");
}
