#pragma once
// Digests of whole files, read in pieces: SHA-256 as lists.yaml pins it, BLAKE2b-512 as minisign signs it. Blocks.

#include <array>
#include <filesystem>
#include <string>

#include "rules/base/result.hpp"

namespace fairlead::agent::lists {

using Blake2b512 = std::array<unsigned char, 64>;

/// 64 lower-case hex digits. Errors: not_found when the file cannot be read. About 2 ms a MB.
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& file);
/// The same for a folder: of the paths and digests of all files below it.
[[nodiscard]] Result<std::string> sha256_of_tree(const std::filesystem::path& file_or_folder);
[[nodiscard]] Result<Blake2b512> blake2b_of_file(const std::filesystem::path& file);

}  // namespace fairlead::agent::lists
