#include "agent/lists/timetable.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace fairlead::agent::lists {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kTimetableNow{std::chrono::seconds(1'777'000'000)};
constexpr Chance kLeast{0};

/// The earliest and the latest of many draws.
template <class Draw>
std::pair<std::chrono::seconds, std::chrono::seconds> spread(Draw draw) {
  std::mt19937_64 chances(1);
  std::chrono::seconds earliest = std::chrono::hours(100'000), latest = 0s;
  for (int i = 0; i < 100'000; ++i) {
    const std::chrono::seconds wait = draw(Chance{chances()}) - kTimetableNow;
    earliest = std::min(earliest, wait);
    latest = std::max(latest, wait);
  }
  return {earliest, latest};
}

TEST_CASE("due_after_success: the refresh, a tenth sooner or later") {
  CHECK(due_after_success(kTimetableNow, 24h, kLeast) == kTimetableNow + 24h - 2h - 24min);
  const auto [earliest, latest] = spread([](Chance chance) { return due_after_success(kTimetableNow, 24h, chance); });
  CHECK(earliest >= 21h + 36min);
  CHECK(earliest <= 21h + 37min);
  CHECK(latest <= 26h + 24min);
  CHECK(latest >= 26h + 23min);
}

TEST_CASE(
    "due_after_failure: at least a quarter of an hour, at most twice as late each time, never after the refresh") {
  const struct {
    unsigned failures;
    std::chrono::seconds latest;
  } rows[] = {{1, 30min}, {2, 1h}, {3, 2h}, {6, 16h}, {7, 24h}, {1000, 24h}};
  for (const auto& row : rows) {
    CAPTURE(row.failures);
    const auto [earliest, latest] =
        spread([&](Chance chance) { return due_after_failure(kTimetableNow, 24h, row.failures, chance); });
    CHECK(earliest >= 15min);
    CHECK(earliest <= 16min);
    CHECK(latest <= row.latest);
    CHECK(latest >= row.latest - row.latest / 100);
  }
}

TEST_CASE("is_due: when the time has come, never, or further off than any wait") {
  CHECK(is_due(kTimetableNow, kTimetableNow, 24h));
  CHECK(is_due({}, kTimetableNow, 24h));
  CHECK_FALSE(is_due(kTimetableNow + 1s, kTimetableNow, 24h));
  CHECK_FALSE(is_due(kTimetableNow + 26h + 24min, kTimetableNow, 24h));
  CHECK(is_due(kTimetableNow + 26h + 25min, kTimetableNow, 24h));
}

}  // namespace
}  // namespace fairlead::agent::lists
