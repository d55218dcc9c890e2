#include "agent/console/report/words.hpp"

#include <algorithm>
#include <cmath>

#include "rules/base/text.hpp"

namespace fairlead::agent::console::report {

namespace {

// Counts of rare things scatter by about their square root, and the difference of two by that of their sum: what is
// within twice that says nothing. At least a tenth, since people would not call less a change.
constexpr double kScatter = 2.0;
constexpr double kTenth = 0.1;

}  // namespace

std::string number(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string counted(std::uint64_t value, std::string_view one, std::string_view many) {
  return number(value) + " " + std::string(value == 1 ? one : many);
}

std::string span_text(Seconds span) {
  using std::chrono::days;
  using std::chrono::hours;
  using std::chrono::minutes;
  const auto rounded = [&](Seconds unit) { return static_cast<std::uint64_t>((span + unit / 2) / unit); };
  if (span < minutes{1}) return "less than a minute";
  if (span < minutes{90}) return counted(rounded(minutes{1}), "minute", "minutes");
  if (span < hours{36}) return counted(rounded(hours{1}), "hour", "hours");
  return counted(rounded(days{1}), "day", "days");
}

std::string_view meaning_of(Area area) {
  switch (area) {
    case Area::content:
      return "harmful pages";
    case Area::contact:
      return "risky contact with others";
    case Area::conduct:
      return "own risky behaviour";
    case Area::other:
      break;
  }
  return "own exceptions, or kinds no longer in the files";
}

std::string inside_sentence(std::string_view title) {
  std::string text(title);
  if (text.size() < 2 || text[0] < 'A' || text[0] > 'Z') return text;
  const bool second_is_small = text[1] >= 'a' && text[1] <= 'z';
  if (second_is_small) text[0] = text::to_lower(text[0]);
  return text;
}

Trend trend_of(Rate now, Rate before) {
  if (now.count == 0 && before.count == 0) return Trend::nothing;
  const double stretch = static_cast<double>(now.days) / std::max(before.days, 1);
  const auto is = static_cast<double>(now.count);
  const double was = static_cast<double>(before.count) * stretch;
  const double scatter = std::sqrt(is + was * stretch);
  const double margin = std::max(kScatter * scatter, kTenth * was);
  if (is > was + margin) return Trend::busier;
  return is < was - margin ? Trend::quieter : Trend::same;
}

std::string change_text(std::uint64_t now, std::uint64_t before) {
  if (now == before) return "as before";
  if (before == 0) return "new";
  return now > before ? number(now - before) + " more" : number(before - now) + " fewer";
}

}  // namespace fairlead::agent::console::report
