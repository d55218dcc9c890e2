#include "agent/command/cover_section.hpp"

#include <iostream>
#include <string>

#include "agent/platform/small_file.hpp"
#include "rules/catalog/cover_file.hpp"

namespace fairlead::agent::command {

std::optional<rules::catalog::Cover> read_cover(const std::filesystem::path& config) {
  const std::filesystem::path file = config / "policy.yaml";
  std::error_code ignored;
  // Never open what may block, such as a pipe: the folder is not root's.
  const auto text = std::filesystem::is_regular_file(file, ignored) ? platform::read_small_file(file)
                                                                    : Result<std::optional<std::string>>(std::nullopt);
  if (!text || !*text) {
    std::cerr << "fairlead: " << (text ? "there is no file " + file.string() : text.error().context) << "\n";
    return std::nullopt;
  }
  const rules::catalog::LoadedCover loaded = rules::catalog::load_cover(**text);
  for (const auto& problem : loaded.problems) std::cerr << to_string(problem) << "\n";
  if (rules::catalog::has_error(loaded.problems)) return std::nullopt;
  return loaded.cover;
}

}  // namespace fairlead::agent::command
