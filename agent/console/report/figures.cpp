#include "agent/console/report/figures.hpp"

#include <algorithm>
#include <map>

namespace fairlead::agent::console::report {

namespace {

using rules::catalog::Catalog;
using rules::catalog::Category;

bool holds(const Period& days, Day day) { return days.first <= day && day < days.end; }

std::string title_of_category(const Catalog& catalog, const std::string& id) {
  if (id.empty()) return "The organisation’s own exceptions";
  const Category* category = category_named(catalog, id);
  return category == nullptr ? id : category->title;
}

bool more_first(const Ranked& a, const Ranked& b) { return a.count != b.count ? a.count > b.count : a.title < b.title; }

/// Stopped events of some days, by what `key` says.
template <class Key>
std::map<std::string, Ranked> stopped_by(const Figures& figures, const Period& days, Key key) {
  std::map<std::string, Ranked> found;
  for (const DayCount& count : figures.events) {
    if (count.kind != events::Kind::blocked || !holds(days, count.day)) continue;
    Ranked& one = found[key(count)];
    one.count += count.events;
    one.area = area_from(count.risk);
  }
  return found;
}

template <class Key>
std::vector<Ranked> ranked(const Figures& now, const Figures& earlier, const Period& days, const Period& earlier_days,
                           Key key) {
  std::vector<Ranked> lines;
  const auto was = stopped_by(earlier, earlier_days, key);
  for (auto& [id, one] : stopped_by(now, days, key)) {
    one.id = id;
    const auto before = was.find(id);
    if (before != was.end()) one.before = before->second.count;
    lines.push_back(one);
  }
  return lines;
}

}  // namespace

std::string_view title_of(Area area) {
  switch (area) {
    case Area::content:
      return "Content";
    case Area::contact:
      return "Contact";
    case Area::conduct:
      return "Conduct";
    case Area::other:
      break;
  }
  return "Other";
}

Area area_from(std::string_view risk) {
  if (risk == "content") return Area::content;
  if (risk == "contact") return Area::contact;
  return risk == "conduct" ? Area::conduct : Area::other;
}

std::uint64_t sum_of(const ByArea& parts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t part : parts) sum += part;
  return sum;
}

Sums sums_of(const Figures& figures, const Period& days) {
  Sums sums;
  for (const DayCount& count : figures.events) {
    if (!holds(days, count.day)) continue;
    if (count.kind == events::Kind::blocked) {
      sums.stopped += count.events;
      sums.visits += count.visits;
      sums.areas.at(static_cast<std::size_t>(area_from(count.risk))) += count.events;
      if (count.severity == "high" || count.severity == "critical") sums.serious += count.events;
    } else if (count.kind == events::Kind::observed) {
      sums.noted += count.events;
    } else {
      sums.technical += count.events;
    }
  }
  for (const QuietCount& quiet : figures.quiet) {
    if (holds(days, quiet.day)) sums.quiet += quiet.count;
  }
  return sums;
}

std::vector<ByArea> by_slot(const Figures& figures, const std::vector<Slot>& slots) {
  std::vector<ByArea> parts(slots.size());
  for (const DayCount& count : figures.events) {
    if (count.kind != events::Kind::blocked) continue;
    const auto after = std::upper_bound(slots.begin(), slots.end(), count.day,
                                        [](Day day, const Slot& slot) { return day < slot.end; });
    if (after == slots.end() || count.day < after->first) continue;
    parts[static_cast<std::size_t>(after - slots.begin())].at(static_cast<std::size_t>(area_from(count.risk))) +=
        count.events;
  }
  return parts;
}

std::vector<Ranked> by_category(const Figures& now, const Figures& earlier, const Period& days,
                                const Period& earlier_days, const Catalog& catalog) {
  auto lines = ranked(now, earlier, days, earlier_days, [](const DayCount& count) { return count.category; });
  for (Ranked& line : lines) line.title = title_of_category(catalog, line.id);
  std::sort(lines.begin(), lines.end(), more_first);
  return lines;
}

std::vector<Ranked> by_group(const Figures& now, const Figures& earlier, const Period& days, const Period& earlier_days,
                             const Catalog& catalog) {
  auto found = ranked(now, earlier, days, earlier_days, [](const DayCount& count) { return count.group; });
  std::vector<Ranked> lines;
  for (const auto& group : catalog.policy.groups) {
    const auto at = std::find_if(found.begin(), found.end(), [&](const Ranked& line) { return line.id == group.id; });
    if (at == found.end()) continue;
    at->title = group.title.empty() ? group.id : group.title;
    lines.push_back(*at);
    found.erase(at);
  }
  for (Ranked& line : found) {
    line.title = line.id.empty() ? "No group" : line.id;
    lines.push_back(line);
  }
  return lines;
}

std::optional<Seconds> median(std::vector<Seconds> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

}  // namespace fairlead::agent::console::report
