#pragma once
// What is in a bundle: bundle.json, the edited files below config/, and below lists/ the editions of the published
// lists that they name. An unpacked bundle is a configuration folder with its own lists beside it. Blocks; any thread.

#include <filesystem>
#include <string>
#include <vector>

#include "agent/bundles/archive.hpp"
#include "agent/lists/list_store.hpp"

namespace fairlead::agent::bundles {

/// config   must load; lists that a category names must be there.
/// Errors   bad_file, not_found; the context names the file.
[[nodiscard]] Result<std::vector<Member>> members_of(const std::filesystem::path& config, const lists::ListStore& lists,
                                                     const std::string& group);

/// The group that an unpacked bundle is for.
/// Errors   bad_file
[[nodiscard]] Result<std::string> group_of(const std::filesystem::path& folder);

/// Of an unpacked bundle.
[[nodiscard]] std::filesystem::path config_of(const std::filesystem::path& folder);
/// Where the lists of a configuration folder lie: beside it where it is that of an unpacked bundle, else `otherwise`.
[[nodiscard]] std::filesystem::path lists_of(const std::filesystem::path& config,
                                             const std::filesystem::path& otherwise);

}  // namespace fairlead::agent::bundles
