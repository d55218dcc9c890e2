#include "rules/policy/schedule.hpp"

#include <doctest/doctest.h>

namespace fairlead::rules::policy {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

constexpr std::uint8_t kEveryDay = 0x7f, kMonday = 1, kSunday = 1 << 6;
const Zone kLondon = *Zone::find("Europe/London");

catalog::Schedule schedule(std::vector<catalog::Span> spans) { return {"s", std::move(spans), {}}; }

TEST_CASE("Zone: an unknown name is no zone") {
  CHECK_FALSE(Zone::find("Europe/Londn"));
  CHECK_FALSE(Zone::find(""));
}

TEST_CASE("is_open: a schedule without spans is never open") {
  const sys_seconds now = sys_days{year{2026} / 1 / 12};
  CHECK_FALSE(is_open(schedule({}), kLondon, now));
  CHECK_FALSE(next_open(schedule({}), kLondon, now));
}

TEST_CASE("is_open: a span whose end is its begin lasts a whole day") {
  const catalog::Schedule all_monday = schedule({{kMonday, 540, 540}});
  const sys_days monday = year{2026} / 1 / 12;
  CHECK_FALSE(is_open(all_monday, kLondon, monday + hours{8} + minutes{59}));
  CHECK(is_open(all_monday, kLondon, monday + hours{9}));
  CHECK(is_open(all_monday, kLondon, monday + hours{32} + minutes{59}));
  CHECK_FALSE(is_open(all_monday, kLondon, monday + hours{33}));
}

TEST_CASE("next_open: what is open now opens now") {
  const sys_seconds now = sys_days{year{2026} / 1 / 12} + hours{12};
  CHECK(next_open(schedule({{kEveryDay, 0, 1440}}), kLondon, now) == now);
}

TEST_CASE("next_open: a week ahead, to the same minute of the week") {
  const sys_days sunday = year{2026} / 1 / 11;
  const catalog::Schedule noon = schedule({{kSunday, 720, 780}});
  CHECK(next_open(noon, kLondon, sunday + hours{13}) == sunday + hours{7 * 24 + 12});
}

TEST_CASE("next_open: a span that the clocks skip opens a week later") {
  // 01:15-01:45 does not exist on 29 March 2026.
  const catalog::Schedule skipped = schedule({{kSunday, 75, 105}});
  const sys_days change = year{2026} / 3 / 29;
  CHECK(next_open(skipped, kLondon, change) == sys_seconds{sys_days{year{2026} / 4 / 5} + minutes{15}});
}

TEST_CASE("next_open: the clocks jump back into a span") {
  // 00:30-01:15 on 25 October 2026: open until 01:15 summer time, and again when the wall shows 01:00 once more.
  const catalog::Schedule early = schedule({{kSunday, 30, 75}});
  const sys_days change = year{2026} / 10 / 25;
  CHECK(is_open(early, kLondon, change + minutes{14}));
  CHECK_FALSE(is_open(early, kLondon, change + minutes{15}));
  CHECK(next_open(early, kLondon, change + minutes{15}) == change + hours{1});
  CHECK(is_open(early, kLondon, change + hours{1} + minutes{14}));
  CHECK_FALSE(is_open(early, kLondon, change + hours{1} + minutes{15}));
}

TEST_CASE("next_open: agrees with is_open at every minute around both changes of the clocks") {
  const catalog::Schedule spans = schedule({{kEveryDay, 20, 70}, {kSunday, 90, 150}, {kMonday, 1380, 30}});
  for (const sys_days change : {sys_days{year{2026} / 3 / 29}, sys_days{year{2026} / 10 / 25}}) {
    std::optional<sys_seconds> expected;
    for (sys_seconds minute = change + hours{30}; minute >= change - hours{6}; minute -= minutes{1}) {
      if (is_open(spans, kLondon, minute)) expected = minute;
      if (!expected) continue;
      CAPTURE((minute - change).count());
      CHECK(next_open(spans, kLondon, minute) == *expected);
    }
  }
}

TEST_CASE("next_closed: agrees with is_open at every minute around both changes of the clocks") {
  const catalog::Schedule spans = schedule({{kEveryDay, 20, 70}, {kSunday, 90, 150}, {kMonday, 1380, 30}});
  for (const sys_days change : {sys_days{year{2026} / 3 / 29}, sys_days{year{2026} / 10 / 25}}) {
    std::optional<sys_seconds> expected;
    for (sys_seconds minute = change + hours{30}; minute >= change - hours{6}; minute -= minutes{1}) {
      if (!is_open(spans, kLondon, minute)) expected = minute;
      if (!expected) continue;
      CAPTURE((minute - change).count());
      CHECK(next_closed(spans, kLondon, minute) == *expected);
    }
  }
}

TEST_CASE("next_closed: never, when the whole week is open") {
  const sys_seconds now = sys_days{year{2026} / 1 / 12};
  CHECK_FALSE(next_closed(schedule({{kEveryDay, 0, 1440}}), kLondon, now).has_value());
}

TEST_CASE("Zone: one without changes of the clocks works") {
  const Zone utc = *Zone::find("Etc/UTC");
  const sys_days monday = year{2026} / 1 / 12;
  CHECK(next_open(schedule({{kMonday, 60, 120}}), utc, monday) == monday + hours{1});
}

}  // namespace
}  // namespace fairlead::rules::policy
