#pragma once
// The one archive that a bundle is: a plain tar (POSIX ustar) of regular files, sorted by name, with nothing in it that
// differs from one making to the next. Its SHA-256 is the bundle's name. Blocks; any thread.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::bundles {

inline constexpr std::uint64_t kMostBundle = std::uint64_t{512} << 20U;
inline constexpr std::size_t kMostFiles = 8192;

/// A file of a bundle: what stands in `text`, or in another file.
struct Member {
  std::string name;  // "config/policy.yaml"
  std::string text;
  std::filesystem::path file;  // empty: it is the text
};

/// May a file of a bundle be called so? Letters, digits and "._-+ @" in parts between slashes, none of them hidden or a
/// way out.
[[nodiscard]] bool is_member_name(std::string_view name);

/// Errors   bad_file (a name that may not be, or twice), too_large, not_found, disk_full.
[[nodiscard]] Result<void> write_archive(std::vector<Member> members, const std::filesystem::path& to);

/// Unpacks into a folder that is empty or not there, and returns once all of it is on the disk.
/// Errors   bad_file (another format, a link, a name that may not be, or twice), too_large, disk_full, denied; what was
///          written stays.
[[nodiscard]] Result<void> read_archive(const std::filesystem::path& from, const std::filesystem::path& folder);

}  // namespace fairlead::agent::bundles
