#include "agent/lists/timetable.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace fairlead::agent::lists {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'777'000'000)};
constexpr Chance kLeast{0};

/// The earliest and the latest of many draws.
template <class Draw>
std::pair<std::chrono::seconds, std::chrono::seconds> spread(Draw draw) {
  std::mt19937_64 chances(1);
  std::chrono::seconds earliest = std::chrono::hours(100'000), latest = 0s;
  for (int i = 0; i < 100'000; ++i) {
    const std::chrono::seconds wait = draw(Chance{chances()}) - kNow;
    earliest = std::min(earliest, wait);
    latest = std::max(latest, wait);
  }
  return {earliest, latest};
}

TEST_CASE("due_after_success: the refresh, a tenth sooner or later") {
  CHECK(due_after_success(kNow, 24h, kLeast) == kNow + 24h - 2h - 24min);
  const auto [earliest, latest] = spread([](Chance chance) { return due_after_success(kNow, 24h, chance); });
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
        spread([&](Chance chance) { return due_after_failure(kNow, 24h, row.failures, chance); });
    CHECK(earliest >= 15min);
    CHECK(earliest <= 16min);
    CHECK(latest <= row.latest);
    CHECK(latest >= row.latest - row.latest / 100);
  }
}

TEST_CASE("is_due: when the time has come, never, or further off than any wait") {
  CHECK(is_due(kNow, kNow, 24h));
  CHECK(is_due({}, kNow, 24h));
  CHECK_FALSE(is_due(kNow + 1s, kNow, 24h));
  CHECK_FALSE(is_due(kNow + 26h + 24min, kNow, 24h));
  CHECK(is_due(kNow + 26h + 25min, kNow, 24h));
}

}  // namespace
}  // namespace fairlead::agent::lists
