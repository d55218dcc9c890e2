#pragma once
// The authority of a fleet, in the hub's state folder: authority.pem for everybody, authority.key for the hub. Blocks.

#include <filesystem>

#include "agent/tls/credential.hpp"

namespace fairlead::agent::command {

/// Errors   not_found, bad_file, denied.
[[nodiscard]] Result<tls::Credential> read_hub_authority(const std::filesystem::path& state);

/// Is it the folder of a hub?
[[nodiscard]] bool holds_hub_authority(const std::filesystem::path& state);

/// Errors   refused: there is one; denied, disk_full.
[[nodiscard]] Result<void> write_hub_authority(const std::filesystem::path& state, const tls::Credential& authority);

}  // namespace fairlead::agent::command
