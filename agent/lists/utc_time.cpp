#include "agent/lists/utc_time.hpp"

#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>

#include <date/date.h>

namespace fairlead::agent::lists {
namespace {

std::optional<std::chrono::sys_seconds> read(const std::string& text, const char* form) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  std::tm parts{};
  in >> std::get_time(&parts, form);
  if (in.fail()) return std::nullopt;
  const std::chrono::year_month_day day(std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

}  // namespace

std::optional<std::chrono::sys_seconds> from_http_date(const std::string& text) {
  return read(text, "%a, %d %b %Y %H:%M:%S GMT");
}

std::optional<std::chrono::sys_seconds> from_utc_text(const std::string& text) {
  return read(text, "%Y-%m-%dT%H:%M:%SZ");
}

std::string utc_text(std::chrono::sys_seconds time) { return date::format("%FT%TZ", time); }

}  // namespace fairlead::agent::lists
