#pragma once
// How a bundle travels: a Zstandard frame (RFC 8878) of the whole, or of what differs from another bundle that the
// receiver has (as `zstd --patch-from` makes it). Blocks; any thread.

#include <cstdint>
#include <filesystem>

#include "rules/base/result.hpp"

namespace fairlead::agent::bundles {

/// A delta needs both in one window, which is memory of the laptop; without one the whole bundle travels.
inline constexpr std::uint64_t kMostForDelta = std::uint64_t{120} << 20U;

/// base     the bundle from which the receiver starts; empty: none.
/// Errors   too_large (for a delta), not_found, disk_full, internal.
[[nodiscard]] Result<void> pack(const std::filesystem::path& bundle, const std::filesystem::path& base,
                                const std::filesystem::path& to);

/// size     of the bundle: nothing longer is written, and nothing shorter is one.
/// Errors   bad_file, too_large, not_found, disk_full.
[[nodiscard]] Result<void> unpack(const std::filesystem::path& packed, const std::filesystem::path& base,
                                  std::uint64_t size, const std::filesystem::path& to);

}  // namespace fairlead::agent::bundles
