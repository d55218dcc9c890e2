#pragma once
// When a server that has no time wishes to be asked again (RFC 9110, 10.2.3). Pure; any thread.

#include <chrono>
#include <optional>
#include <string_view>

namespace fairlead::agent::lists {

/// No wish is for longer.
inline constexpr std::chrono::seconds kLongestWish = std::chrono::hours(24);

/// field   the value of Retry-After: seconds, or a date. Nothing where it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(std::string_view field, std::chrono::sys_seconds now);

}  // namespace fairlead::agent::lists
