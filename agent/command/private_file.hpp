#pragma once
// A file that names people: for its owner's eyes only. Blocks.

#include <filesystem>
#include <fstream>

#include "rules/base/result.hpp"

namespace fairlead::agent::command {

/// Makes or empties the file, readable by its owner alone where the file system has modes.
/// Errors   denied
[[nodiscard]] Result<std::ofstream> open_private_file(const std::filesystem::path& path);

}  // namespace fairlead::agent::command
