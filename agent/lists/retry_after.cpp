#include "agent/lists/retry_after.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "agent/lists/utc_time.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::lists {

using std::chrono::seconds;

std::optional<seconds> retry_after(std::string_view field, std::chrono::sys_seconds now) {
  field = text::trim(field);
  if (field.empty()) return std::nullopt;
  if (std::all_of(field.begin(), field.end(), text::is_digit)) {
    std::uint32_t count = 0;
    const auto read = std::from_chars(field.data(), field.data() + field.size(), count);
    if (read.ec != std::errc{}) return kLongestWish;  // more digits than a number holds
    return std::min(seconds(count), kLongestWish);
  }
  const auto until = from_http_date(std::string(field));
  if (!until) return std::nullopt;
  return std::clamp(*until - now, seconds(0), kLongestWish);
}

}  // namespace fairlead::agent::lists
