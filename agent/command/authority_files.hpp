#pragma once
// The laptop's authority on the disk: certificate and key, in a folder of their own below the state folder. Blocks.

#include <filesystem>
#include <optional>

#include "agent/tls/credential.hpp"

namespace fairlead::agent::command {

/// The file of the certificate, for those who must trust it.
[[nodiscard]] std::filesystem::path authority_certificate(const std::filesystem::path& state);

/// What stands in that file; empty when there is none, or it cannot be read.
[[nodiscard]] std::string authority_pem(const std::filesystem::path& state);

/// Nothing when there is no authority.
/// Errors   denied when the key may be read by others than its owner; bad_file when one of the files is damaged.
[[nodiscard]] Result<std::optional<tls::Credential>> read_authority(const std::filesystem::path& state);

/// Errors   denied, disk_full.
[[nodiscard]] Result<void> write_authority(const std::filesystem::path& state, const tls::Credential& authority);

/// Errors   denied. It is no error when there is none.
[[nodiscard]] Result<void> remove_authority(const std::filesystem::path& state);

}  // namespace fairlead::agent::command
