#include "rules/catalog/schedule_text.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/fields.hpp"
#include "rules/catalog/problem.hpp"

namespace fairlead::rules::catalog {
namespace {

constexpr auto kDays = std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
constexpr int kMinutesOfDay = 24 * 60;
constexpr std::string_view kExample = "write days and times, such as 'mon-fri 10:30-10:45'";

tl::unexpected<Error> wrong(std::string why) { return fail(Errc::bad_file, Side::local, std::move(why)); }

/// 0 for Monday, or -1.
int day_number(std::string_view word) {
  const auto found = std::find(kDays.begin(), kDays.end(), text::lower(word));
  return found == kDays.end() ? -1 : static_cast<int>(found - kDays.begin());
}

/// "mon", "mon-fri", "sat-mon" (over the weekend), or several of these with commas; bit 0 is Monday, 0 when unreadable.
std::uint8_t parse_days(std::string_view text) {
  unsigned days = 0;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text::trim(text.substr(0, comma));
    const std::size_t dash = part.find('-');
    const int first = day_number(text::trim(part.substr(0, dash)));
    const int last = dash == std::string_view::npos ? first : day_number(text::trim(part.substr(dash + 1)));
    if (first < 0 || last < 0) return 0;
    for (int day = first;; day = (day + 1) % 7) {
      days |= 1U << static_cast<unsigned>(day);
      if (day == last) break;
    }
    if (comma == std::string_view::npos) return static_cast<std::uint8_t>(days);
    text.remove_prefix(comma + 1);
  }
}

int two_digits(std::string_view text) {
  if (text.size() != 2 || !text::is_digit(text[0]) || !text::is_digit(text[1])) return -1;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

/// Minutes since midnight of "HH:MM" up to 24:00, or -1.
int parse_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  const int hours = two_digits(text.substr(0, 2));
  const int minutes = two_digits(text.substr(3, 2));
  if (hours < 0 || minutes < 0 || minutes > 59) return -1;
  const int total = hours * 60 + minutes;
  return total <= kMinutesOfDay ? total : -1;
}

/// The offset from UTC of "Z", "+01:00" or "-05:30".
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int minutes = parse_minutes(text.substr(1));
  if (minutes < 0) return std::nullopt;
  return std::chrono::minutes(text[0] == '-' ? -minutes : minutes);
}

std::optional<std::chrono::sys_seconds> parse_moment(std::string_view text) {
  constexpr std::size_t kToMinutes = 16;  // "2027-03-31T17:00"
  if (text.size() <= kToMinutes || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const int minutes = parse_minutes(text.substr(11, 5));
  std::string_view rest = text.substr(kToMinutes);
  int seconds = 0;
  if (rest.front() == ':' && rest.size() > 3) {
    seconds = two_digits(rest.substr(1, 2));
    rest.remove_prefix(3);
  }
  const auto offset = parse_offset(rest);
  if (!day || minutes < 0 || seconds < 0 || seconds > 59 || !offset) return std::nullopt;
  return std::chrono::sys_days(*day) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds) - *offset;
}

}  // namespace

Result<Span> parse_span(std::string_view text) {
  text = text::trim(text);
  const std::size_t space = text.find_last_of(" \t");
  if (space == std::string_view::npos) return wrong(in_quotes(text) + " is not a span; " + std::string(kExample));
  Span span;
  span.days = parse_days(text::trim(text.substr(0, space)));
  if (span.days == 0) {
    return wrong(in_quotes(text.substr(0, space)) +
                 " are no days; write mon, tue, wed, thu, fri, sat, sun, such as 'mon-fri' or 'sat,sun'");
  }
  const std::string_view times = text.substr(space + 1);
  const std::size_t dash = times.find('-');
  const int begin = dash == std::string_view::npos ? -1 : parse_minutes(times.substr(0, dash));
  const int end = dash == std::string_view::npos ? -1 : parse_minutes(times.substr(dash + 1));
  if (begin < 0 || end < 0)
    return wrong(in_quotes(times) + " is no span of time; write two times of the day, such as '09:30-17:00'");
  if (begin == kMinutesOfDay) return wrong("a span cannot begin at 24:00; write '00:00' and the day after");
  if (begin == end) return wrong(in_quotes(times) + " begins where it ends; write '00:00-24:00' for whole days");
  span.begin = static_cast<std::uint16_t>(begin);
  span.end = static_cast<std::uint16_t>(end);
  return span;
}

std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text) {
  const int minutes = parse_minutes(text);
  if (minutes < 0 || minutes == kMinutesOfDay) return std::nullopt;
  return std::chrono::minutes(minutes);
}

std::optional<std::uint8_t> parse_weekday(std::string_view text) {
  const int day = day_number(text);
  if (day < 0) return std::nullopt;
  return static_cast<std::uint8_t>(day);
}

bool is_time_zone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {  // unknown name, or no table on this machine
    return false;
  }
}

std::optional<std::chrono::sys_seconds> parse_expiry(std::string_view text, const std::string& time_zone) {
  if (auto moment = parse_moment(text)) return moment;
  const auto day = parse_day(text);
  if (!day) return std::nullopt;
  const std::chrono::days since_epoch = std::chrono::sys_days(*day).time_since_epoch() + std::chrono::days(1);
  const date::local_days day_after{since_epoch};
  try {
    // Where the clocks change at midnight there may be two such moments, or none: the exception ends at the earliest.
    return std::chrono::time_point_cast<std::chrono::seconds>(
        date::locate_zone(time_zone)->to_sys(day_after, date::choose::earliest));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

}  // namespace fairlead::rules::catalog
