#pragma once
// What was changed outside the state folder so that programs trust the laptop's authority: written down before it is
// done, read when it is undone. Blocks.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::command {

struct StoreChange {
  std::string file;                   // that was made or changed
  std::optional<std::string> before;  // all of it, when it was there
  std::string item;                   // what was put into its list; empty: all of the file is ours
  std::vector<std::string> folders;   // that were made for it, the outermost first
};

/// By the name of the store.
using TrustRecord = std::map<std::string, StoreChange>;

/// Empty when nothing was installed.
/// Errors   bad_file, denied.
[[nodiscard]] Result<TrustRecord> read_trust_record(const std::filesystem::path& state);
/// Errors   denied, disk_full.
[[nodiscard]] Result<void> write_trust_record(const std::filesystem::path& state, const TrustRecord& record);

}  // namespace fairlead::agent::command
