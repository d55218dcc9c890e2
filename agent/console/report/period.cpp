#include "agent/console/report/period.hpp"

#include <algorithm>
#include <array>

#include "agent/console/form.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console::report {

namespace {

using std::chrono::days;
using std::chrono::year_month_day;

constexpr int kMostSingleDays = 31;

struct Term {
  std::string_view name;
  unsigned first_month, months;
};
constexpr std::array kTerms = {Term{"Spring", 1, 3}, Term{"Summer", 4, 5}, Term{"Autumn", 9, 4}};

const Term& term_at(Day day) {
  const auto month = static_cast<unsigned>(year_month_day{day}.month());
  return month < 4 ? kTerms[0] : month < 9 ? kTerms[1] : kTerms[2];
}

Day first_of(std::chrono::year year, unsigned month) { return Day{year / std::chrono::month{month} / 1}; }

Period months_from(Span span, Day first, unsigned months) {
  const year_month_day begin{first};
  return {span, first, Day{begin + std::chrono::months{months}}};
}

std::string year_text(Day day) { return std::to_string(static_cast<int>(year_month_day{day}.year())); }

std::string short_month(Day day) { return std::string(pages::month_name(day).substr(0, 3)); }

std::string day_number(Day day) { return std::to_string(static_cast<unsigned>(year_month_day{day}.day())); }

/// "23 to 29 March 2026", "30 March to 5 April 2026", "29 December 2025 to 4 January 2026"
std::string range_text(Day first, Day last, bool weekdays) {
  const auto weekday = [&](Day day) { return weekdays ? std::string(pages::weekday_name(day)) + " " : std::string(); };
  if (first == last) return weekday(first) + pages::full_date(first);
  std::string from = weekday(first) + pages::full_date(first);
  const year_month_day a{first};
  const year_month_day b{last};
  if (a.year() == b.year()) from = weekday(first) + pages::day_and_month(first);
  if (a.year() == b.year() && a.month() == b.month()) from = weekday(first) + day_number(first);
  return from + " to " + weekday(last) + pages::full_date(last);
}

}  // namespace

Period period_of(Span span, Day day) {
  const year_month_day date{day};
  switch (span) {
    case Span::month:
      return months_from(span, first_of(date.year(), static_cast<unsigned>(date.month())), 1);
    case Span::term:
      return months_from(span, first_of(date.year(), term_at(day).first_month), term_at(day).months);
    case Span::year: {
      const bool autumn = static_cast<unsigned>(date.month()) >= 9;
      return months_from(span, first_of(autumn ? date.year() : date.year() - std::chrono::years{1}, 9), 12);
    }
    case Span::days:
      return {span, day, day + days{1}};
    case Span::week:
      break;
  }
  const Day monday = day - (std::chrono::weekday{day} - std::chrono::Monday);
  return {Span::week, monday, monday + days{7}};
}

Period before(const Period& period) {
  if (period.span == Span::days) return {Span::days, period.first - days{period.days()}, period.first};
  return period_of(period.span, period.first - days{1});
}

Period as_far(const Period& period, Day today) {
  return {period.span, period.first, std::clamp(today + days{1}, period.first, period.end)};
}

Period before_as_far(const Period& period, Day today) {
  Period earlier = before(period);
  if (!is_over(period, today)) earlier.end = std::min(earlier.end, earlier.first + days{as_far(period, today).days()});
  return earlier;
}

bool is_over(const Period& period, Day today) { return period.end <= today; }

std::string iso_text(Day day) {
  const year_month_day date{day};
  const auto two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return year_text(day) + "-" + two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

std::optional<Period> days_between(std::string_view from, std::string_view to) {
  const auto first = date_from(from);
  const auto last = date_from(to);
  if (!first || !last || *last < *first) return std::nullopt;
  const Period period{Span::days, *first, *last + days{1}};
  if (period.days() > kMostDays) return std::nullopt;
  return period;
}

std::string long_text(const Period& period) {
  const Day last = period.end - days{1};
  switch (period.span) {
    case Span::month:
      return std::string(pages::month_name(period.first)) + " " + year_text(period.first);
    case Span::term:
      return std::string(term_at(period.first).name) + " term " + year_text(period.first) + " (" +
             pages::day_and_month(period.first) + " to " + pages::day_and_month(last) + ")";
    case Span::year:
      return "School year " + year_text(period.first) + "/" + year_text(last).substr(2);
    case Span::week:
      return range_text(period.first, last, true);
    case Span::days:
      break;
  }
  return range_text(period.first, last, false);
}

std::string_view this_text(const Period& period, Day today) {
  const bool now = !is_over(period, today);
  const bool just_over = is_over(period, today) && period.end == period_of(period.span, today).first;
  switch (period.span) {
    case Span::week:
      return now ? "this week" : just_over ? "last week" : "that week";
    case Span::month:
      return now ? "this month" : just_over ? "last month" : "that month";
    case Span::term:
      return now ? "this term" : just_over ? "last term" : "that term";
    case Span::year:
      return now ? "this year" : just_over ? "last year" : "that year";
    case Span::days:
      break;
  }
  return "in these days";
}

std::string_view before_text(const Period& period) {
  switch (period.span) {
    case Span::week:
      return "the week before";
    case Span::month:
      return "the month before";
    case Span::term:
      return "the term before";
    case Span::year:
      return "the year before";
    case Span::days:
      break;
  }
  return "the days before";
}

std::vector<Slot> slots_of(const Period& period) {
  std::vector<Slot> slots;
  const bool single = period.days() <= kMostSingleDays;
  for (Day day = period.first; day < period.end;) {
    if (single) {
      const std::string label =
          period.days() <= 7 ? std::string(pages::weekday_name(day).substr(0, 3)) : day_number(day);
      slots.push_back(
          {day, day + days{1}, label, std::string(pages::weekday_name(day)) + " " + pages::day_and_month(day)});
    } else {
      slots.push_back({day, std::min(period_of(Span::week, day).end, period.end),
                       day_number(day) + " " + short_month(day), "week from " + pages::day_and_month(day)});
    }
    day = slots.back().end;
  }
  return slots;
}

}  // namespace fairlead::agent::console::report
