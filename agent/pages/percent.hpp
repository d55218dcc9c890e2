#pragma once
// Percent-encoded text, as browsers send it in forms and addresses. Pure; usable from any thread.

#include <optional>
#include <string>
#include <string_view>

namespace fairlead::agent::pages {

/// The bytes that were encoded; any bytes, not only text. Nothing when an escape is broken, which browsers never send.
/// plus_is_space   in values of forms and queries, not in pieces of a path.
/// Source  WHATWG URL, "application/x-www-form-urlencoded parsing"
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view encoded, bool plus_is_space);

}  // namespace fairlead::agent::pages
