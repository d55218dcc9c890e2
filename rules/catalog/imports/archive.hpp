#pragma once
// Unpacks what lists come in: a plain file, gzip, zstd or xz, a tar of files (packed in their turn or not), a folder.
// Streaming: never more than a piece in memory, and nothing is written. libarchive stays in the .cpp. Blocking reads;
// inside this room only; one thread.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::rules::catalog {

/// Limits for one list; more is an error, not a list.
inline constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 30U;
inline constexpr std::size_t kMostMembers = 4096;

/// Receives the files one after the other.
class MemberSink {
 public:
  virtual ~MemberSink() = default;
  /// name     path below the archive or folder, or the file's own name, without ".gz", ".zst" or ".xz"; any bytes.
  /// Returns  false: this one is not wanted, no pieces of it follow.
  virtual bool begin_member(std::string_view name) = 0;
  virtual void take_piece(std::string_view bytes) = 0;
  virtual void end_member() = 0;
};

/// Errors   Errc::not_found (nothing at `path`), bad_file (damaged), too_large (a limit).
[[nodiscard]] Result<void> unpack(const std::filesystem::path& path, MemberSink& sink);

/// The same from memory.
/// name     what a file that is no archive is called.
[[nodiscard]] Result<void> unpack_bytes(std::string_view bytes, std::string_view name, MemberSink& sink);

}  // namespace fairlead::rules::catalog
