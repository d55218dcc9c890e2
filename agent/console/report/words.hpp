#pragma once
// Numbers and spans of time as people say them. Pure; usable from any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/console/report/figures.hpp"

namespace fairlead::agent::console::report {

/// "1,204"
[[nodiscard]] std::string number(std::uint64_t value);
/// "1 time", "1,204 times"
[[nodiscard]] std::string counted(std::uint64_t value, std::string_view one, std::string_view many);
/// "3 minutes", "5 hours", "2 days": rounded to what matters; "less than a minute".
[[nodiscard]] std::string span_text(Seconds span);
/// "harmful pages", "strangers and bullying", "own behaviour", ...
[[nodiscard]] std::string_view meaning_of(Area area);
/// "Gambling" to "gambling", but "AI assistants" stays.
[[nodiscard]] std::string inside_sentence(std::string_view title);

/// Is it quieter or busier? Small differences are chance and are called the same.
enum class Trend : std::uint8_t { nothing, quieter, same, busier };
/// So many in so many days; spans of different length are compared as if they were equally long.
struct Rate {
  std::uint64_t count = 0;
  int days = 1;
};
[[nodiscard]] Trend trend_of(Rate now, Rate before);

/// "5 more", "3 fewer", "as before", "new"
[[nodiscard]] std::string change_text(std::uint64_t now, std::uint64_t before);

}  // namespace fairlead::agent::console::report
