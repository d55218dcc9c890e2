#pragma once
// Times as people write them in policy.yaml: spans of the week and the end of an exception. Inside this room only;
// pure, except that time zones come from the operating system's table.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// Reads "mon-fri 10:30-10:45", "sat,sun 00:00-24:00", "mon-fri 17:00-09:00" (past midnight).
/// Errors   Errc::bad_file; the context says what is wrong and what to write.
[[nodiscard]] Result<Span> parse_span(std::string_view text);

/// Reads "08:00".
[[nodiscard]] std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text);

/// Reads "mon"; 0 is Monday.
[[nodiscard]] std::optional<std::uint8_t> parse_weekday(std::string_view text);

[[nodiscard]] bool is_time_zone(const std::string& name);

/// Reads the end of an exception: a day ("2027-03-31": the first moment of the day after, in `time_zone`) or a moment
/// ("2027-03-31T17:00:00Z", "2027-03-31T17:00+01:00").
/// time_zone  one that is_time_zone() knows.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_expiry(std::string_view text, const std::string& time_zone);

}  // namespace fairlead::rules::catalog
