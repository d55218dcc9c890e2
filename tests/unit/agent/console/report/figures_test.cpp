#include "agent/console/report/figures.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "tests/unit/agent/console/report/samples.hpp"
#include "tests/unit/agent/pages/sample.hpp"

using namespace fairlead;
using namespace fairlead::agent::console::report;
using agent::events::Kind;

namespace {

/// The plain way to the same numbers: one line of sight over all rows.
template <class Fits>
std::uint64_t count_rows(const Figures& figures, const Period& days, Fits fits) {
  std::uint64_t sum = 0;
  for (const DayCount& row : figures.events) {
    if (row.day >= days.first && row.day < days.end && fits(row)) sum += row.events;
  }
  return sum;
}

}  // namespace

TEST_CASE("sums: every number of a report equals the events counted by other means") {
  const auto catalog = sample::catalog();
  for (unsigned seed = 0; seed < 40; ++seed) {
    const Period all = *days_between("2026-01-01", "2026-03-31");
    const Period part = period_of(seed % 2 == 0 ? Span::week : Span::month, day(2026, 2, 10));
    const Figures figures = random_figures(catalog, all, 40, seed);
    const Sums sums = sums_of(figures, part);
    CHECK(sums.stopped == count_rows(figures, part, [](const DayCount& row) { return row.kind == Kind::blocked; }));
    CHECK(sums.noted == count_rows(figures, part, [](const DayCount& row) { return row.kind == Kind::observed; }));
    CHECK(sums.stopped + sums.noted + sums.technical ==
          count_rows(figures, part, [](const DayCount&) { return true; }));
    CHECK(sum_of(sums.areas) == sums.stopped);

    std::uint64_t slots = 0;
    for (const ByArea& slot : by_slot(figures, slots_of(part))) slots += sum_of(slot);
    CHECK(slots == sums.stopped);
    const auto adds = [](std::uint64_t sum, const Ranked& line) { return sum + line.count; };
    const auto kinds = by_category(figures, {}, part, part, catalog);
    CHECK(std::accumulate(kinds.begin(), kinds.end(), std::uint64_t{0}, adds) == sums.stopped);
    const auto groups = by_group(figures, {}, part, part, catalog);
    CHECK(std::accumulate(groups.begin(), groups.end(), std::uint64_t{0}, adds) == sums.stopped);
    for (const Ranked& kind : kinds) {
      CHECK(kind.count == count_rows(figures, part, [&](const DayCount& row) {
              return row.kind == Kind::blocked && row.category == kind.id;
            }));
    }
  }
}

TEST_CASE("sums: a week and the days of it give the same; what lies outside is not counted") {
  const auto catalog = sample::catalog();
  const Period week = period_of(Span::week, day(2026, 3, 25));
  const Figures figures = random_figures(catalog, *days_between("2026-03-01", "2026-04-30"), 20, 3);
  std::uint64_t days = 0;
  for (Day one = week.first; one < week.end; one += std::chrono::days{1})
    days += sums_of(figures, period_of(Span::days, one)).stopped;
  CHECK(days == sums_of(figures, week).stopped);
}

TEST_CASE("by_category: a category that is no longer there keeps its id, and what no category stopped is named") {
  Figures figures;
  figures.events = {count(day(2026, 3, 25), "long-gone", "", "", 4), count(day(2026, 3, 25), "", "", "", 3)};
  const Period week = period_of(Span::week, day(2026, 3, 25));
  const auto kinds = by_category(figures, {}, week, week, sample::catalog());
  REQUIRE(kinds.size() == 2);
  CHECK(kinds[0].title == "long-gone");
  CHECK(kinds[1].title == "The organisation’s own exceptions");
  CHECK(sums_of(figures, week).areas[static_cast<std::size_t>(Area::other)] == 7);
}

TEST_CASE("median: the middle one, the lower of two, nothing of nothing") {
  CHECK_FALSE(median({}).has_value());
  CHECK(median({Seconds{9}, Seconds{1}, Seconds{5}}) == Seconds{5});
  CHECK(median({Seconds{9}, Seconds{1}}) == Seconds{1});
}
