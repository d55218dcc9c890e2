#pragma once
// The spans of time that reports are about: whole days, by UTC as the store counts them. Pure; usable from any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::agent::console::report {

using Day = std::chrono::sys_days;

enum class Span : std::uint8_t { week, month, term, year, days };

/// From `first` to the day before `end`.
struct Period {
  Span span = Span::week;
  Day first{}, end{};
  [[nodiscard]] int days() const { return static_cast<int>((end - first).count()); }
  friend bool operator==(const Period&, const Period&) = default;
};

/// How long a report may be: longer ones are refused, so that a typed year 20266 costs nothing.
inline constexpr int kMostDays = 1'100;

/// The week (Monday to Sunday), calendar month, term or school year (September to August) that a day belongs to. Terms
/// without dates of the organisation's own: autumn September to December, spring January to March, summer April to
/// August, so that no day is in none.
[[nodiscard]] Period period_of(Span span, Day day);

/// The one before: of the same span, or as many days.
[[nodiscard]] Period before(const Period& period);
/// As much of the one before as has passed of this one, so that half a week is compared with half a week.
[[nodiscard]] Period before_as_far(const Period& period, Day today);
/// The part up to and with `today`; the whole when it is over.
[[nodiscard]] Period as_far(const Period& period, Day today);
[[nodiscard]] bool is_over(const Period& period, Day today);

/// "2026-03-29"
[[nodiscard]] std::string iso_text(Day day);
/// Both days belong to it. Nothing when a day is wrong, `to` comes first, or it is longer than kMostDays.
[[nodiscard]] std::optional<Period> days_between(std::string_view from, std::string_view to);

/// "Monday 23 to Sunday 29 March 2026", "March 2026", "Spring term 2026 (1 January to 31 March)"
[[nodiscard]] std::string long_text(const Period& period);
/// "this week", "last week", or "this period": for sentences.
[[nodiscard]] std::string_view this_text(const Period& period, Day today);
/// "the week before"
[[nodiscard]] std::string_view before_text(const Period& period);

/// The bars of a chart: days, or weeks (cut at the ends) when there are more than 31 days.
struct Slot {
  Day first{}, end{};
  std::string label, long_label;  // "Mon" or "23 Mar"; "Monday 23 March", "week from 23 March"
};
[[nodiscard]] std::vector<Slot> slots_of(const Period& period);

}  // namespace fairlead::agent::console::report
