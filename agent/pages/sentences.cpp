#include "agent/pages/sentences.hpp"

#include <array>

#include "rules/policy/schedule.hpp"

namespace fairlead::agent::pages {

namespace {

constexpr std::string_view kNextOpen = "{next_open}";
constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

/// A moment as the clock on the wall shows it.
struct WallTime {
  std::chrono::sys_days day{};
  std::chrono::minutes time{};
  bool zone_known = true;
};

WallTime wall_time(std::chrono::sys_seconds moment, std::string_view time_zone) {
  const auto zone = rules::policy::Zone::find(time_zone);
  if (zone) moment += zone->offset_at(moment);
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  return {day, std::chrono::floor<std::chrono::minutes>(moment - day), zone.has_value()};
}

std::string clock_text(const WallTime& wall) {
  const auto minutes = wall.time.count();
  std::string text = "00:00";
  text[0] = static_cast<char>('0' + minutes / 600);
  text[1] = static_cast<char>('0' + minutes / 60 % 10);
  text[3] = static_cast<char>('0' + minutes % 60 / 10);
  text[4] = static_cast<char>('0' + minutes % 10);
  return wall.zone_known ? text : text + " UTC";
}

}  // namespace

std::string_view weekday_name(std::chrono::sys_days day) {
  return kWeekdays.at(std::chrono::weekday{day}.c_encoding());
}

std::string_view month_name(std::chrono::sys_days day) {
  return kMonths.at(static_cast<unsigned>(std::chrono::year_month_day{day}.month()) - 1);
}

std::string day_and_month(std::chrono::sys_days day) {
  return std::to_string(static_cast<unsigned>(std::chrono::year_month_day{day}.day())) + " " +
         std::string(month_name(day));
}

std::string full_date(std::chrono::sys_days day) {
  return day_and_month(day) + " " + std::to_string(static_cast<int>(std::chrono::year_month_day{day}.year()));
}

std::string when_text(std::chrono::sys_seconds moment, std::chrono::sys_seconds now, std::string_view time_zone) {
  const WallTime wall = wall_time(moment, time_zone);
  const auto days_ahead = (wall.day - wall_time(now, time_zone).day).count();
  std::string day = "on " + std::string(weekday_name(wall.day));
  if (days_ahead == 0) day = "today";
  if (days_ahead == 1) day = "tomorrow";
  if (days_ahead > 6 || days_ahead < 0) day += " " + day_and_month(wall.day);
  return day + " at " + clock_text(wall);
}

std::string past_text(std::chrono::sys_seconds moment, std::chrono::sys_seconds now, std::string_view time_zone) {
  const WallTime wall = wall_time(moment, time_zone);
  const WallTime today = wall_time(now, time_zone);
  const auto days_ago = (today.day - wall.day).count();
  const std::chrono::year_month_day then{wall.day}, this_day{today.day};
  std::string day = "on " + (then.year() == this_day.year() ? day_and_month(wall.day) : full_date(wall.day));
  if (days_ago == 0) day = "today";
  if (days_ago == 1) day = "yesterday";
  return day + " at " + clock_text(wall);
}

std::string fill_says(std::string_view says, const std::optional<std::string>& next_open) {
  std::string out(says);
  std::size_t at = out.find(kNextOpen);
  while (at != std::string::npos) {
    if (next_open) {
      // "opens again at {next_open}" reads well in the file, but the moment brings its own "at".
      const bool has_at = at >= 4 && std::string_view(out).substr(at - 4, 4) == " at ";
      out.replace(has_at ? at - 3 : at, kNextOpen.size() + (has_at ? 3 : 0), *next_open);
    } else {
      const std::size_t stop_before = out.rfind(". ", at);
      const std::size_t begin = stop_before == std::string::npos ? 0 : stop_before + 1;
      const std::size_t stop_after = out.find('.', at);
      out.erase(begin, stop_after == std::string::npos ? std::string::npos : stop_after + 1 - begin);
    }
    at = out.find(kNextOpen);
  }
  const std::size_t first = out.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : out.substr(first);
}

std::string contact_text(const rules::catalog::Contact& contact) {
  std::string text;
  for (const std::string* part : {&contact.name, &contact.phone, &contact.email}) {
    if (part->empty()) continue;
    if (!text.empty()) text += ", ";
    text += *part;
  }
  return text;
}

std::chrono::days kept_for(const rules::catalog::Retention& retention, rules::catalog::Severity severity) {
  using rules::catalog::Severity;
  switch (severity) {
    case Severity::low:
      return retention.low;
    case Severity::medium:
      return retention.medium;
    case Severity::high:
      return retention.high;
    case Severity::critical:
      return retention.critical;
  }
  return retention.critical;
}

std::string_view recorded_text(rules::catalog::Record record) {
  using rules::catalog::Record;
  switch (record) {
    case Record::none:
      return "a count, without your name and without the site";
    case Record::host:
      return "the name of the site";
    case Record::path:
      return "the address of the page, without anything after a question mark";
    case Record::words:
      return "the name of the site and the words searched for";
  }
  return {};
}

}  // namespace fairlead::agent::pages
