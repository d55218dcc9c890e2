#pragma once
// The numbers of a report, as plain values: what was counted in a period, and sums over it. No field can hold a person,
// a laptop's name or a host. Pure; usable from any thread.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/report/period.hpp"
#include "agent/events/event.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::console::report {

/// What a thing was about: the three risk areas; `other` is what no category stopped (an exception, a group's default),
/// or one that the files no longer hold.
enum class Area : std::uint8_t { content, contact, conduct, other };
inline constexpr std::array kAreas = {Area::content, Area::contact, Area::conduct, Area::other};
[[nodiscard]] std::string_view title_of(Area area);
/// "content" ...; all else is `other`.
[[nodiscard]] Area area_from(std::string_view risk);

using ByArea = std::array<std::uint64_t, kAreas.size()>;
[[nodiscard]] std::uint64_t sum_of(const ByArea& parts);

/// Events of one day, category, group and kind.
struct DayCount {
  Day day{};
  std::string category, risk, severity, group;  // as the events say; empty where no category spoke
  events::Kind kind = events::Kind::blocked;
  std::uint64_t events = 0;
  std::uint64_t visits = 0;  // of these, where it is known that a person went there
};
/// What is counted without an event (adverts and trackers).
struct QuietCount {
  Day day{};
  std::string category, group;
  std::uint64_t count = 0;
};

using Seconds = std::chrono::seconds;

/// How incidents of the period were looked after.
struct IncidentFigures {
  std::uint64_t opened = 0;                                                 // begun in the period
  std::uint64_t fresh = 0, in_review = 0, action = 0, none = 0, wrong = 0;  // of these, by their state now; sum: opened
  std::uint64_t open_now = 0;                                               // of all, whenever they began
  std::uint64_t looked_at = 0;                                              // of those opened
  std::optional<Seconds> usual_first_look, longest_first_look;              // median
  std::optional<Seconds> oldest_open;                                       // age of the oldest that nobody has closed
  [[nodiscard]] std::uint64_t closed() const { return action + none + wrong; }
};

/// What people asked for and what became of it.
struct AnswerFigures {
  std::uint64_t asked = 0, answered = 0;   // asked in the period; answers to these
  std::uint64_t agreed = 0, declined = 0;  // of the answers, as far as they can still be read
  std::optional<Seconds> usual, longest;   // until the answer
  [[nodiscard]] std::uint64_t waiting() const { return asked - std::min(asked, answered); }
  [[nodiscard]] std::uint64_t unread() const { return answered - std::min(answered, agreed + declined); }
};

/// People's own words from the block page.
struct WordFigures {
  std::uint64_t accident = 0, wrong = 0, concern = 0;
};

/// sent: messages that arrived. undelivered: those that wait today or were refused; nothing: not known here.
struct AlertFigures {
  std::uint64_t sent = 0;
  std::optional<std::uint64_t> undelivered;
};

/// What is known about the laptops behind the numbers.
struct Cover {
  std::uint64_t laptops = 1;
  std::uint64_t days = 0;                               // of the period, up to today
  std::uint64_t days_with_signs = 0;                    // of these, on which the store wrote anything
  std::optional<std::chrono::sys_seconds> rules_since;  // when the rules in force were made
  std::chrono::sys_seconds told_at{};                   // when this was found out
  bool built_in_rules = false;  // the basic ones, because the organisation's could not be loaded
  std::uint64_t lost = 0;       // events that could not be stored, since the agent began
};

/// Everything about one period.
struct Figures {
  std::vector<DayCount> events;
  std::vector<QuietCount> quiet;
  IncidentFigures incidents;
  AnswerFigures appeals;
  AnswerFigures mending;  // false positives handed to IT: agreed is mended
  WordFigures words;
  AlertFigures alerts;
  Cover cover;
};

/// One line of a ranking.
struct Ranked {
  std::string id, title;
  Area area = Area::other;
  std::uint64_t count = 0, before = 0;
};

/// Sums over the events of some days. stopped + noted + technical is the number of events.
struct Sums {
  std::uint64_t stopped = 0;    // blocked
  std::uint64_t visits = 0;     // of the stopped ones, where it is known that a person went there
  std::uint64_t noted = 0;      // observed: let through and recorded
  std::uint64_t technical = 0;  // malformed requests, programs passed through
  std::uint64_t quiet = 0;      // counted only; no events
  std::uint64_t serious = 0;    // of the stopped ones, of severity high or critical
  ByArea areas{};               // of the stopped ones
};
[[nodiscard]] Sums sums_of(const Figures& figures, const Period& days);

/// Stopped events by area in each slot.
[[nodiscard]] std::vector<ByArea> by_slot(const Figures& figures, const std::vector<Slot>& slots);

/// Stopped events by category, the most first, then by title; all of them. `earlier` gives `before`, and is listed only
/// where it is in `now` too. Titles come from the catalog; a category that it no longer has keeps its id as title.
[[nodiscard]] std::vector<Ranked> by_category(const Figures& now, const Figures& earlier, const Period& days,
                                              const Period& earlier_days, const rules::catalog::Catalog& catalog);
/// Stopped events by group, in the policy's order, then groups that it no longer has.
[[nodiscard]] std::vector<Ranked> by_group(const Figures& now, const Figures& earlier, const Period& days,
                                           const Period& earlier_days, const rules::catalog::Catalog& catalog);
/// The middle one (the lower of two); nothing of nothing.
[[nodiscard]] std::optional<Seconds> median(std::vector<Seconds> values);

}  // namespace fairlead::agent::console::report
