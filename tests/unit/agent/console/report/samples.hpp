#pragma once
// Figures for the tests of reports and for the program that shows reports to a browser: made from a seed, so that they
// are the same everywhere. No person can be in them.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "agent/console/report/figures.hpp"
#include "agent/console/report/published.hpp"

namespace fairlead::agent::console::report {

inline Day day(int year, unsigned month, unsigned date) {
  return Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{date}};
}

inline DayCount count(Day when, std::string category, std::string risk, std::string severity, std::uint64_t events,
                      std::string group = "learners", events::Kind kind = events::Kind::blocked) {
  DayCount made;
  made.day = when;
  made.category = std::move(category);
  made.risk = std::move(risk);
  made.severity = std::move(severity);
  made.group = std::move(group);
  made.kind = kind;
  made.events = events;
  made.visits = events / 2;
  return made;
}

/// Up to `most` events for each day, category and kind of the catalog, so that some cells are empty and some small.
inline Figures random_figures(const rules::catalog::Catalog& catalog, const Period& days, std::uint64_t most,
                              unsigned seed) {
  std::mt19937 random(seed);
  const auto up_to = [&](std::uint64_t top) { return top == 0 ? 0 : random() % (top + 1); };
  Figures figures;
  for (Day when = days.first; when < days.end; when += std::chrono::days{1}) {
    for (const auto& category : catalog.categories) {
      if (up_to(3) != 0) continue;
      const auto& groups = catalog.policy.groups;
      const std::string group = groups.empty() ? "" : groups[up_to(groups.size() - 1)].id;
      if (category.quiet) {
        figures.quiet.push_back({when, category.id, group, up_to(most * 10)});
        continue;
      }
      figures.events.push_back(count(when, category.id, std::string(to_string(category.risk)),
                                     std::string(to_string(category.severity)), up_to(most), group,
                                     up_to(5) == 0 ? events::Kind::observed : events::Kind::blocked));
    }
    figures.events.push_back(count(when, "", "", "", up_to(1), "", events::Kind::malformed));
  }
  figures.cover.days = static_cast<std::uint64_t>(days.days());
  figures.cover.days_with_signs = figures.cover.days - std::min<std::uint64_t>(figures.cover.days, 1);
  return figures;
}

}  // namespace fairlead::agent::console::report
