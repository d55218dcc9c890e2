#pragma once
// Where sub-commands look when nothing else is said: beside the checkout first, then where the package installs.

#include <filesystem>

namespace fairlead::agent::command {

/// ./categories when it is there, else /etc/fairlead.
[[nodiscard]] std::filesystem::path default_config_folder();
/// ./state when it is there, else /var/lib/fairlead.
[[nodiscard]] std::filesystem::path default_state_folder();
/// The folder of the event store inside a state folder.
[[nodiscard]] std::filesystem::path events_folder(const std::filesystem::path& state);

}  // namespace fairlead::agent::command
