#pragma once
// Checks an evidence pack in a file that comes from anybody. Blocks.

#include <filesystem>

#include "agent/events/pack.hpp"

namespace fairlead::agent::events {

/// What verify_pack says of the file's bytes. Of a pipe or a device, which may have no end, no more is read than a pack
/// can hold.
/// Errors   denied: it cannot be read.
[[nodiscard]] Result<PackVerified> verify_pack_file(const std::filesystem::path& path);

}  // namespace fairlead::agent::events
