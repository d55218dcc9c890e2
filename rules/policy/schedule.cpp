#include "rules/policy/schedule.hpp"

#include <exception>
#include <string>

#include <date/tz.h>

namespace fairlead::rules::policy {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr minutes kDay{24 * 60};
constexpr days kHorizon{8};  // every span comes round within a week; a day more for the clocks

bool begins_on(const catalog::Span& span, sys_days day) {
  const unsigned from_monday = std::chrono::weekday{day}.iso_encoding() - 1;
  return (span.days >> from_monday & 1U) != 0;
}

/// Minutes from the begin's midnight; past 24:00 when the span runs into the next day.
minutes end_of(const catalog::Span& span) { return minutes{span.end} + (span.end <= span.begin ? kDay : minutes{0}); }

bool holds(const catalog::Span& span, sys_days day, seconds into_day) {
  if (begins_on(span, day) && into_day >= minutes{span.begin} && into_day < end_of(span)) return true;
  return begins_on(span, day - days{1}) && into_day + kDay < end_of(span);
}

}  // namespace

std::optional<Zone> Zone::find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {  // the library's way to say that there is no such zone, or no database
    return std::nullopt;
  }
}

seconds Zone::offset_at(sys_seconds moment) const { return zone_->get_info(moment).offset; }

Zone::Moments Zone::moments_of(sys_days wall_day, minutes into_day) const {
  const date::local_seconds wall{wall_day.time_since_epoch() + into_day};
  return {zone_->to_sys(wall, date::choose::earliest), zone_->to_sys(wall, date::choose::latest)};
}

sys_seconds Zone::next_change(sys_seconds moment) const { return zone_->get_info(moment).end; }

bool is_open(const catalog::Schedule& schedule, const Zone& zone, sys_seconds now) {
  const sys_seconds wall = now + zone.offset_at(now);
  const sys_days day = std::chrono::floor<days>(wall);
  for (const catalog::Span& span : schedule.spans) {
    if (holds(span, day, wall - day)) return true;
  }
  return false;
}

namespace {

/// The first moment from `now` on at which the schedule is `open`, or is not.
std::optional<sys_seconds> next_moment(bool open, const catalog::Schedule& schedule, const Zone& zone,
                                       sys_seconds now) {
  if (is_open(schedule, zone, now) == open) return now;
  std::optional<sys_seconds> best;
  const auto offer = [&](sys_seconds moment) {
    if (moment < now || moment > now + kHorizon || (best && moment >= *best)) return;
    if (is_open(schedule, zone, moment) == open) best = moment;
  };
  offer(zone.next_change(now));  // the wall may jump into a span, or out of it
  const sys_days today = std::chrono::floor<days>(now + zone.offset_at(now));
  for (days ahead{-1}; ahead <= kHorizon; ++ahead) {
    for (const catalog::Span& span : schedule.spans) {
      if (!begins_on(span, today + ahead)) continue;
      const Zone::Moments edge = zone.moments_of(today + ahead, open ? minutes{span.begin} : end_of(span));
      offer(edge.first);
      offer(edge.second);
    }
  }
  return best;
}

}  // namespace

std::optional<sys_seconds> next_open(const catalog::Schedule& schedule, const Zone& zone, sys_seconds now) {
  return next_moment(true, schedule, zone, now);
}

std::optional<sys_seconds> next_closed(const catalog::Schedule& schedule, const Zone& zone, sys_seconds now) {
  return next_moment(false, schedule, zone, now);
}

}  // namespace fairlead::rules::policy
