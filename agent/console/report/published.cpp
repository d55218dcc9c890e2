#include "agent/console/report/published.hpp"

#include <algorithm>

#include "agent/console/report/suppress.hpp"

namespace fairlead::agent::console::report {

namespace {

struct Cells {
  std::vector<Ranked> shown;
  std::uint64_t rest = 0;
};

/// Every line that there could be is a cell, zeros too: what is not shown may then be any of them.
Cells shown_of(std::vector<Ranked> lines) {
  std::vector<std::uint64_t> counts;
  counts.reserve(lines.size());
  for (const Ranked& line : lines) counts.push_back(line.count);
  const std::vector<bool> shown = shown_cells(counts);
  Cells cells;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (shown[i]) {
      cells.shown.push_back(std::move(lines[i]));
    } else {
      cells.rest += counts[i];
    }
  }
  return cells;
}

template <class Named>
void add_missing(std::vector<Ranked>& lines, const std::vector<Named>& all) {
  for (const Named& one : all) {
    const bool there = std::any_of(lines.begin(), lines.end(), [&](const Ranked& line) { return line.id == one.id; });
    if (!there) lines.push_back({one.id, one.title, Area::other, 0, 0});
  }
}

bool is_statutory(const Ranked& kind, const rules::catalog::Catalog& catalog) {
  return std::any_of(catalog.categories.begin(), catalog.categories.end(),
                     [&](const auto& category) { return category.id == kind.id && category.statutory; });
}

bool has_enough_people(const Ranked& group, const PeopleCount& people) {
  const auto known = people.by_group.find(group.id);
  return group.count == 0 || (known != people.by_group.end() && known->second >= kSmallest);
}

}  // namespace

Published publish(const Figures& figures, const Period& month, Day today, const PeopleCount& people,
                  const rules::catalog::Catalog& catalog) {
  Published published;
  published.month = month;
  published.over = is_over(month, today);
  published.enough_people = people.all >= kSmallest;
  if (!published.over || !published.enough_people) return published;
  const std::uint64_t total = sums_of(figures, month).stopped;
  if (!may_show_total(total)) return published;
  published.total = total;
  const Figures nothing;
  auto kinds = by_category(figures, nothing, month, month, catalog);
  add_missing(kinds, catalog.categories);
  Cells cells = shown_of(std::move(kinds));
  published.rest = cells.rest;
  for (Ranked& kind : cells.shown) {
    // What the law forbids to look at is no matter for a sheet on a wall: each of these is an incident of its own.
    if (is_statutory(kind, catalog)) {
      published.rest += kind.count;
    } else {
      published.kinds.push_back(std::move(kind));
    }
  }
  auto groups = by_group(figures, nothing, month, month, catalog);
  add_missing(groups, catalog.policy.groups);
  published.groups_shown =
      std::all_of(groups.begin(), groups.end(), [&](const Ranked& group) { return has_enough_people(group, people); });
  if (!published.groups_shown) return published;
  cells = shown_of(std::move(groups));
  published.groups = std::move(cells.shown);
  published.rest_of_groups = cells.rest;
  return published;
}

PublishedSum sum_of(std::span<const Published> months) {
  PublishedSum sum;
  std::map<std::string, Ranked> kinds;
  for (const Published& month : months) {
    sum.by_month.emplace_back(month.month, month.total);
    if (!month.over) continue;
    ++sum.months;
    if (!month.total) {
      ++sum.left_out;
      continue;
    }
    sum.total += *month.total;
    sum.rest += month.rest;
    for (const Ranked& kind : month.kinds) {
      Ranked& one = kinds[kind.id];
      const std::uint64_t count = one.count + kind.count;
      one = kind;
      one.count = count;
    }
  }
  for (auto& [id, kind] : kinds) sum.kinds.push_back(std::move(kind));
  std::sort(sum.kinds.begin(), sum.kinds.end(), [](const Ranked& a, const Ranked& b) {
    return a.count != b.count ? a.count > b.count : a.title < b.title;
  });
  return sum;
}

}  // namespace fairlead::agent::console::report
