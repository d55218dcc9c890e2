#pragma once
// What may leave the safeguarding lead's hands: the figures of one whole month that is over, with small numbers left
// out (suppress.hpp). Each month's total, its table by category and its table by group are safe beside each other;
// longer spans are summed from what the months show and from nothing else, and no other span is published, so that
// differences between pages give nothing away. Pure; usable from any thread.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/console/report/figures.hpp"

namespace fairlead::agent::console::report {

/// How many people stand behind the figures, as far as the store still names them, by group.
struct PeopleCount {
  std::uint64_t all = 0;
  std::map<std::string, std::uint64_t> by_group;
};

struct Published {
  Period month;
  bool over = false;                   // else nothing is published
  bool enough_people = false;          // else neither
  std::optional<std::uint64_t> total;  // stopped; nothing: 1 to 4
  std::vector<Ranked> kinds;           // those that may be shown, the most first; no statutory one
  std::uint64_t rest = 0;              // what the kinds left out have together; 0, or too many to tell any of them
  bool groups_shown = false;           // no group with figures is of fewer than five people
  std::vector<Ranked> groups;
  std::uint64_t rest_of_groups = 0;
};

[[nodiscard]] Published publish(const Figures& figures, const Period& month, Day today, const PeopleCount& people,
                                const rules::catalog::Catalog& catalog);

/// Sums of several months as they were published.
struct PublishedSum {
  std::uint64_t months = 0, left_out = 0;  // over; of these, those of which nothing could be said
  std::uint64_t total = 0, rest = 0;
  std::vector<Ranked> kinds;  // the most first
  std::vector<std::pair<Period, std::optional<std::uint64_t>>> by_month;
};
[[nodiscard]] PublishedSum sum_of(std::span<const Published> months);

}  // namespace fairlead::agent::console::report
