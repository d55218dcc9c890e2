#include "agent/alerts/plan.hpp"

#include <algorithm>

namespace fairlead::agent::alerts {
namespace {

using rules::catalog::Alerts;
using rules::catalog::Catalog;
using rules::catalog::Category;
using rules::catalog::PolicyFile;
using rules::policy::Zone;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

sys_seconds seconds_of(TimePoint time) { return std::chrono::ceil<std::chrono::seconds>(time); }

std::optional<std::size_t> find_category(const Catalog& catalog, std::string_view id) {
  const auto found = std::find_if(catalog.categories.begin(), catalog.categories.end(),
                                  [&](const Category& category) { return category.id == id; });
  if (found == catalog.categories.end()) return std::nullopt;
  return static_cast<std::size_t>(found - catalog.categories.begin());
}

AlertWay way_of(const Alerts& alerts, std::optional<std::size_t> category, Severity severity) {
  for (const auto& rule : alerts.by_category) {
    if (category && rule.category == *category) return rule.way;
  }
  return alerts.by_severity[static_cast<std::size_t>(severity)];
}

std::optional<Reason> reason_of(const events::Incident& incident, const std::optional<Told>& told, Severity severity,
                                std::chrono::hours again_after, TimePoint now) {
  if (!told) {
    if (incident.state != events::State::fresh) return std::nullopt;  // somebody knows already
    return Reason::fresh;
  }
  if (severity > told->severity) return Reason::more_severe;
  const bool goes_on = incident.count > told->count && now - told->time >= again_after;
  if (goes_on && events::is_open(incident.state)) return Reason::goes_on;
  return std::nullopt;
}

/// The first time from `from` on at which the wall shows `at`, on `weekday` (0 = Monday) if one is given.
sys_seconds next_on_the_wall(sys_seconds from, minutes at, std::optional<unsigned> weekday, const Zone& zone) {
  const sys_days today = std::chrono::floor<days>(from + zone.offset_at(from));
  for (days ahead{0};; ++ahead) {
    const sys_days day = today + ahead;
    if (weekday && std::chrono::weekday{day}.iso_encoding() - 1 != *weekday) continue;
    const Zone::Moments moment = zone.moments_of(day, at);
    if (moment.first >= from) return moment.first;
  }
}

/// A moment at which a message may go, at or after `when`; in quiet hours that is their end, unless something is grave
/// enough, which then goes alone.
Due outside_quiet_hours(TimePoint when, AlertWay way, Severity gravest, const PolicyFile& policy, const Zone& zone) {
  const Alerts& alerts = policy.alerts;
  const Due due{when, way, Severity::low};
  if (!alerts.quiet || *alerts.quiet >= policy.schedules.size()) return due;
  const auto& schedule = policy.schedules[*alerts.quiet];
  if (!is_open(schedule, zone, seconds_of(when))) return due;
  if (way == AlertWay::at_once && alerts.quiet_override && gravest >= *alerts.quiet_override)
    return Due{when, way, *alerts.quiet_override};
  const auto end = next_closed(schedule, zone, seconds_of(when));
  if (!end) return due;  // hours that never end are no quiet hours; silence for good is nobody's wish
  return Due{*end, way, Severity::low};
}

/// When the route may send again after what it sent lately.
TimePoint after_folding(const Waiting& waiting, const Alerts& alerts, TimePoint now) {
  std::vector<TimePoint> sent;
  for (const TimePoint time : waiting.sent) {
    if (time <= now && time + looking_back(alerts) > now) sent.push_back(time);
  }
  std::sort(sent.begin(), sent.end(), std::greater<>());
  if (sent.empty()) return {};
  const bool is_critical = waiting.at_once.gravest == Severity::critical;
  const TimePoint critical = is_critical ? sent.front() + kBetweenCritical : TimePoint::max();
  if (waiting.parked) return std::min(sent.front() + kBetweenParked, critical);
  if (sent.size() < alerts.fold_most) return {};
  return std::min(sent[alerts.fold_most - 1] + alerts.fold_within, critical);
}

}  // namespace

std::chrono::minutes looking_back(const Alerts& alerts) {
  return std::max<minutes>(alerts.fold_within, kBetweenParked);
}

std::optional<Severity> severity_of(std::string_view word) {
  for (const Severity severity : {Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    if (to_string(severity) == word) return severity;
  }
  return std::nullopt;
}

std::optional<Item> consider(const events::Incident& incident, const std::optional<Told>& told, const Catalog& catalog,
                             TimePoint now) {
  const auto severity = severity_of(incident.severity);
  if (!severity || incident.erased) return std::nullopt;
  const Alerts& alerts = catalog.policy.alerts;
  const auto category = find_category(catalog, incident.category);
  const AlertWay way = way_of(alerts, category, *severity);
  if (way == AlertWay::none) return std::nullopt;
  const auto reason = reason_of(incident, told, *severity, alerts.again_after, now);
  if (!reason) return std::nullopt;
  Item item{incident.number, way, *reason, *severity, incident.risk, incident.category, incident.category, {}, {}, now};
  if (category) item.title = catalog.categories[*category].title;
  if (alerts.includes.person) item.person = incident.person;
  if (alerts.includes.host) item.host = incident.host;
  return item;
}

std::optional<Due> next_due(const Waiting& waiting, const PolicyFile& policy, const Zone& zone, TimePoint now) {
  std::optional<Due> best;
  const auto offer = [&](TimePoint when, AlertWay way, Severity gravest) {
    const Due due = outside_quiet_hours(std::max(when, now), way, gravest, policy, zone);
    if (!best || due.when < best->when) best = due;
  };
  const Alerts& alerts = policy.alerts;
  // A clock that was set back keeps nothing waiting until it has caught up; that it was is seen to before the next
  // round.
  if (const auto oldest = waiting.at_once.oldest) {
    const TimePoint gathered = std::min(*oldest, now) + kGathering;
    offer(std::max(gathered, after_folding(waiting, alerts, now)), AlertWay::at_once, waiting.at_once.gravest);
  }
  if (const auto oldest = waiting.daily.oldest) {
    offer(next_on_the_wall(seconds_of(std::min(*oldest, now)), alerts.daily_at, std::nullopt, zone), AlertWay::daily,
          waiting.daily.gravest);
  }
  if (const auto oldest = waiting.weekly.oldest) {
    offer(next_on_the_wall(seconds_of(std::min(*oldest, now)), alerts.weekly_at, alerts.weekly_on, zone),
          AlertWay::weekly, waiting.weekly.gravest);
  }
  return best;
}

std::chrono::milliseconds back_off(std::uint32_t attempts, double chance) {
  using std::chrono::milliseconds;
  constexpr milliseconds kFirst = std::chrono::seconds(30), kLongest = std::chrono::hours(1),
                         kShortest = std::chrono::seconds(1);
  constexpr std::uint32_t kMostDoublings = 7;  // 30 s * 2^7 is more than an hour
  const std::uint32_t doublings = std::min(attempts > 0 ? attempts - 1 : 0, kMostDoublings);
  const milliseconds most = std::min(kFirst * (1U << doublings), kLongest);
  const auto chosen = static_cast<milliseconds::rep>(chance * static_cast<double>(most.count()));
  return std::clamp(milliseconds(chosen), kShortest, most);
}

}  // namespace fairlead::agent::alerts
