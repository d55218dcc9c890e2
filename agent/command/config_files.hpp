#pragma once
// The files that people edit, for a program that edits them too: which there are, their text, their line ends. Blocks.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::command {

/// Every file of the folder that the loader reads and that is a file of its own (no link), by name: "policy.yaml",
/// "conduct/gambling.yaml"; sorted.
[[nodiscard]] std::vector<std::string> config_files(const std::filesystem::path& folder);

/// The bytes of one of them. Errors: not_found for any other name; denied; too_large.
[[nodiscard]] Result<std::string> read_config_file(const std::filesystem::path& folder, std::string_view name);

/// SHA-256, 64 hex digits.
[[nodiscard]] std::string digest_of(std::string_view text);

/// `edited` with the line ends of `original`, as its first line has them: browsers send CRLF whatever they were given.
[[nodiscard]] std::string with_line_ends_of(std::string_view original, std::string_view edited);

/// Lines of `before` that are not in `after`, and the other way round, between the first and the last line that differ;
/// at most `most` of each.
struct LineDifference {
  std::vector<std::string> removed, added;
};
[[nodiscard]] LineDifference compare_lines(std::string_view before, std::string_view after, std::size_t most);

}  // namespace fairlead::agent::command
