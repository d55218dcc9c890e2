#pragma once
// Whether this laptop belongs to an organisation's fleet, and how it proves itself to the hub: the folder `fleet` in
// the state folder. Blocks on the disk; any thread.

#include <filesystem>
#include <optional>
#include <string>

#include "rules/base/result.hpp"

namespace fairlead::agent::fleet {

struct Membership {
  std::string hub;          // "https://hub.example:8443", without a slash at its end
  std::string authority;    // PEM: the one that vouches for the hub, and no other is believed
  std::string certificate;  // PEM: this device's own; empty while it is not enrolled
  std::string group{};      // as the hub told it when this laptop joined; what it says later changes nothing
  std::string rules_key{};  // the root key of the rules that come from the hub, minisign's line; empty: none come
  bool through_inspection = false;  // also where the network breaks TLS open: each message proves itself there
};

/// Nothing when this laptop belongs to none.
/// Errors   bad_file, denied.
[[nodiscard]] Result<std::optional<Membership>> read_membership(const std::filesystem::path& state);

/// Readable by its owner alone.
[[nodiscard]] Result<void> write_membership(const std::filesystem::path& state, const Membership& membership);

/// Leaves the fleet. What was sent stays there.
[[nodiscard]] Result<void> forget_membership(const std::filesystem::path& state);

}  // namespace fairlead::agent::fleet
