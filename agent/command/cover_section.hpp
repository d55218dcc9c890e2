#pragma once
// `cover` of policy.yaml, for commands that need nothing else of the files.

#include <filesystem>
#include <optional>

#include "rules/catalog/cover_values.hpp"

namespace fairlead::agent::command {

/// What policy.yaml of this folder says; nothing, with the reasons on stderr, where it cannot be read.
[[nodiscard]] std::optional<rules::catalog::Cover> read_cover(const std::filesystem::path& config);

}  // namespace fairlead::agent::command
