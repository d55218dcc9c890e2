#pragma once
// Where sub-commands look when nothing else is said (beside the checkout first, then where the package installs), and
// the rules they find there.

#include <filesystem>
#include <memory>

#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {

/// ./categories when it is there, else /etc/fairlead.
[[nodiscard]] std::filesystem::path default_config_folder();
/// ./state when it is there, else /var/lib/fairlead.
[[nodiscard]] std::filesystem::path default_state_folder();
/// The folder of the event store inside a state folder.
[[nodiscard]] std::filesystem::path events_folder(const std::filesystem::path& state);

/// The folder of the downloaded lists inside a state folder.
[[nodiscard]] std::filesystem::path lists_folder(const std::filesystem::path& state);

/// The rules of a folder; null when they cannot be loaded, which is told on stderr with every problem.
[[nodiscard]] std::shared_ptr<const rules::policy::Rules> load_or_tell(const std::filesystem::path& folder);

}  // namespace fairlead::agent::command
