#pragma once
// Moments as HTTP and meta.json write them. Pure; any thread, whatever the locale.

#include <chrono>
#include <optional>
#include <string>

namespace fairlead::agent::lists {

/// "Sun, 06 Nov 1994 08:49:37 GMT", the only form that servers may write (RFC 9110, 5.6.7).
[[nodiscard]] std::optional<std::chrono::sys_seconds> from_http_date(const std::string& text);

/// "1994-11-06T08:49:37Z"
[[nodiscard]] std::optional<std::chrono::sys_seconds> from_utc_text(const std::string& text);
[[nodiscard]] std::string utc_text(std::chrono::sys_seconds time);

}  // namespace fairlead::agent::lists
