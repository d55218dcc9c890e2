#include "agent/command/clocks.hpp"

#include <doctest/doctest.h>

#include <string_view>

#include <nlohmann/json.hpp>

#include "agent/command/alive_mark.hpp"

using namespace fairlead::agent;
using namespace fairlead::agent::command;
using namespace std::chrono_literals;
using platform::Clocks;

namespace {

constexpr WallTime kBegin{std::chrono::milliseconds{1'774'436'400'000}};

/// So long after kBegin, without sleep.
Clocks after(std::chrono::milliseconds passed, std::chrono::milliseconds set_by = 0ms) {
  return {kBegin + passed + set_by, 1000ms + passed, 1000ms + passed};
}

}  // namespace

TEST_CASE("between: sleep and a set clock are told apart") {
  struct Row {
    std::string_view why;
    Clocks after;
    std::chrono::milliseconds slept, set_by;
  };
  const Row rows[] = {
      {"an hour of work", {kBegin + 1h, 1h, 1h}, 0ms, 0ms},
      {"a night's sleep moves the wall clock and the one since boot", {kBegin + 9h, 9h, 1h}, 8h, 0ms},
      {"the clock is set forward while the laptop is awake", {kBegin + 4h, 1h, 1h}, 0ms, 3h},
      {"the clock is set back", {kBegin - 2h, 1h, 1h}, 0ms, -3h},
      {"both at once", {kBegin + 10h, 9h, 1h}, 8h, 1h},
      {"clocks are read one after the other", {kBegin + 1h, 1h, 1h + 1ms}, 0ms, 0ms},
  };
  for (const Row& row : rows) {
    const Between passed = between({kBegin, 0ms, 0ms}, row.after);
    CHECK_MESSAGE(passed.slept == row.slept, row.why);
    CHECK_MESSAGE(passed.set_by == row.set_by, row.why);
  }
}

TEST_CASE("BelievedClock: a clock that goes on is believed, also over a night and a holiday") {
  BelievedClock first(std::nullopt);
  CHECK(first.believes(after(0ms)));
  CHECK(first.believes(after(5min)));
  CHECK(first.believes({kBegin + 9h, 9h, 1h}));  // slept
  const auto kept = first.kept();
  BelievedClock next(kept);
  CHECK(next.believes({kBegin + 20 * 24h, 5s, 5s}));
}

TEST_CASE("BelievedClock: a year ahead by mistake erases nothing, and nothing is lost once it is put right") {
  BelievedClock clock(std::nullopt);
  REQUIRE(clock.believes(after(0ms)));
  constexpr auto kYear = 365 * 24h;
  for (auto passed = 5min; passed < 23h; passed += 5min) CHECK_FALSE(clock.believes(after(passed, kYear)));
  CHECK(clock.believes(after(23h)));
  // From here on the day of proof begins anew.
  CHECK_FALSE(clock.believes(after(24h, kYear)));
  CHECK_FALSE(clock.believes(after(46h, kYear)));
  CHECK(clock.believes(after(23h + 25h + 1h, kYear)));
}

TEST_CASE("BelievedClock: a wrong clock at the start is doubted for a day of running, over several starts") {
  for (const std::chrono::hours wrong : {-24h * 3000, 24h * 400}) {
    BelievedClock::Kept kept{kBegin, 0ms};
    for (int start = 0; start < 3; ++start) {
      BelievedClock clock(kept);
      const WallTime begun = kBegin + wrong + start * 24h;
      CHECK_FALSE(clock.believes({begun, 5s, 5s}));
      const bool believed = clock.believes({begun + 8h, 8h + 5s, 8h + 5s});
      CHECK(believed == (start == 2));
      kept = *clock.kept();
    }
  }
}

TEST_CASE("BelievedClock: a laptop whose clock is lost at each start is believed once the network puts it right") {
  BelievedClock clock(BelievedClock::Kept{kBegin, 0ms});
  CHECK_FALSE(clock.believes({WallTime{}, 5s, 5s}));
  CHECK(clock.believes({kBegin + 14h, 10s, 10s}));
}

TEST_CASE("BelievedClock: a clock that is set again and again proves nothing") {
  BelievedClock clock(BelievedClock::Kept{kBegin, 0ms});
  for (int hour = 0; hour < 60; ++hour) {
    const auto passed = std::chrono::hours(hour);
    CHECK_FALSE(clock.believes(after(passed, 24h * 365 + passed)));
  }
}

TEST_CASE("stopped_between: how the agent ended, and whether the laptop was off") {
  const AliveMark killed{kBegin, 1h, false, std::nullopt};
  auto told = stopped_between(killed, {kBegin + 10min, 1h + 10min, 1h});
  CHECK(told["ended"] == "unexpectedly");
  CHECK(told["from"] == kBegin.time_since_epoch().count());
  CHECK(told["laptop_was_off"] == false);
  AliveMark ended = killed;
  ended.ended = true;
  told = stopped_between(ended, {kBegin + 10h, 20s, 20s});
  CHECK(told["ended"] == "told_to");
  CHECK(told["laptop_was_off"] == true);
  CHECK(stopped_between(ended, {kBegin + 10h, 2h, 2h})["laptop_was_off"] == true);  // started anew 2 hours ago
}
