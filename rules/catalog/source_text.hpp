#pragma once
// The text of a file before YAML is read from it: one encoding (UTF-8 without mark), one line ending, no hidden bytes.
// Inside this room only; pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/catalog/problem.hpp"

namespace fairlead::rules::catalog {

/// Checks and unifies a file's text.
///
/// Returns  the text without byte order mark and with '\n' alone as line ending (places stay what an editor shows);
///          nothing after invalid UTF-8, UTF-16, control bytes, over-long lines or too many bytes, each told with its
///          place.
/// Cost     O(bytes).
[[nodiscard]] std::optional<std::string> unify(std::string_view text, std::uint32_t file, Problems& problems);

}  // namespace fairlead::rules::catalog
