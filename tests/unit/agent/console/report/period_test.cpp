#include "agent/console/report/period.hpp"

#include <doctest/doctest.h>

#include "tests/unit/agent/console/report/samples.hpp"

using namespace fairlead::agent::console::report;

TEST_CASE("period_of: weeks begin on Monday, months and terms on their first, school years in September") {
  const Day wednesday = day(2026, 3, 25);
  CHECK(iso_text(period_of(Span::week, wednesday).first) == "2026-03-23");
  CHECK(period_of(Span::week, wednesday).days() == 7);
  CHECK(period_of(Span::week, day(2026, 3, 23)) == period_of(Span::week, day(2026, 3, 29)));
  CHECK(iso_text(period_of(Span::month, day(2024, 2, 29)).end) == "2024-03-01");
  CHECK(iso_text(period_of(Span::term, wednesday).first) == "2026-01-01");
  CHECK(iso_text(period_of(Span::term, day(2026, 8, 31)).first) == "2026-04-01");
  CHECK(iso_text(period_of(Span::term, day(2026, 12, 31)).end) == "2027-01-01");
  CHECK(iso_text(period_of(Span::year, day(2026, 8, 31)).first) == "2025-09-01");
  CHECK(iso_text(period_of(Span::year, day(2026, 9, 1)).first) == "2026-09-01");
}

TEST_CASE("period_of: each day lies in its week, month, term and year, and these follow each other without a gap") {
  for (Day one = day(2025, 8, 20); one < day(2026, 10, 3); one += std::chrono::days{1}) {
    for (const Span span : {Span::week, Span::month, Span::term, Span::year}) {
      const Period period = period_of(span, one);
      CHECK(period.first <= one);
      CHECK(one < period.end);
      CHECK(before(period).end == period.first);
    }
  }
}

TEST_CASE("before_as_far: half a week is compared with half a week, a whole one with a whole one") {
  const Period week = period_of(Span::week, day(2026, 3, 25));
  CHECK(before_as_far(week, day(2026, 3, 25)).days() == 3);
  CHECK(as_far(week, day(2026, 3, 25)).days() == 3);
  CHECK(before_as_far(week, day(2026, 4, 25)).days() == 7);
  CHECK(as_far(week, day(2026, 3, 1)).days() == 0);
  CHECK_FALSE(is_over(week, day(2026, 3, 29)));
  CHECK(is_over(week, day(2026, 3, 30)));
}

TEST_CASE("days_between: days that are none, that are turned round or too many are refused") {
  CHECK(days_between("2026-03-23", "2026-03-23")->days() == 1);
  CHECK(days_between("2025-09-01", "2025-12-19")->days() == 110);
  for (const auto& [from, to] :
       {std::pair("2026-03-24", "2026-03-23"), std::pair("2026-02-30", "2026-03-23"), std::pair("", ""),
        std::pair("2026-03-24", "2266-03-23"), std::pair("2026-3-24", "2026-03-25"), std::pair("<b>", "2026-03-25")})
    CHECK_FALSE(days_between(from, to).has_value());
}

TEST_CASE("long_text: says the days as people do") {
  CHECK(long_text(period_of(Span::week, day(2026, 3, 25))) == "Monday 23 to Sunday 29 March 2026");
  CHECK(long_text(period_of(Span::week, day(2026, 4, 1))) == "Monday 30 March to Sunday 5 April 2026");
  CHECK(long_text(period_of(Span::week, day(2026, 1, 1))) == "Monday 29 December 2025 to Sunday 4 January 2026");
  CHECK(long_text(period_of(Span::month, day(2026, 3, 25))) == "March 2026");
  CHECK(long_text(period_of(Span::term, day(2026, 3, 25))) == "Spring term 2026 (1 January to 31 March)");
  CHECK(long_text(period_of(Span::year, day(2026, 3, 25))) == "School year 2025/26");
  CHECK(long_text(*days_between("2026-03-01", "2026-03-04")) == "1 to 4 March 2026");
}

TEST_CASE("slots_of: days, and weeks of a long time, cover it once") {
  for (const Period& period : {period_of(Span::week, day(2026, 3, 25)), period_of(Span::month, day(2026, 3, 25)),
                               period_of(Span::term, day(2026, 3, 25)), *days_between("2026-03-01", "2026-03-01")}) {
    Day next = period.first;
    for (const Slot& slot : slots_of(period)) {
      CHECK(slot.first == next);
      CHECK(slot.end > slot.first);
      next = slot.end;
    }
    CHECK(next == period.end);
  }
  CHECK(slots_of(period_of(Span::week, day(2026, 3, 25))).size() == 7);
  CHECK(slots_of(period_of(Span::term, day(2026, 3, 25))).size() == 14);
}
