#pragma once
// The whole of a small file as text. Blocks.

#include <filesystem>
#include <optional>
#include <string>

#include "rules/base/result.hpp"

namespace fairlead::agent::platform {

/// Nothing when there is no such file.
/// Errors   denied; too_large above a megabyte.
[[nodiscard]] Result<std::optional<std::string>> read_small_file(const std::filesystem::path& file);

/// The same where it makes no difference why there is nothing: empty.
[[nodiscard]] std::string text_of_small_file(const std::filesystem::path& file);

}  // namespace fairlead::agent::platform
