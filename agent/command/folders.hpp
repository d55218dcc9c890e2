#pragma once
// Where sub-commands look when nothing else is said (beside the checkout first, then where the package installs), and
// the rules they find there.

#include <filesystem>
#include <memory>

#include "agent/lists/build_rules.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {

/// The bundle in force below default_state_folder() where there is one; else ./categories when it is there, else
/// /etc/fairlead.
[[nodiscard]] std::filesystem::path default_config_folder();
/// ./state when it is there, else /var/lib/fairlead.
[[nodiscard]] std::filesystem::path default_state_folder();
/// Where the agent with this state folder can be asked. That of the package listens where every account can reach it:
/// its state folder is closed to them.
[[nodiscard]] std::filesystem::path control_socket(const std::filesystem::path& state);
/// The folder of the event store inside a state folder.
[[nodiscard]] std::filesystem::path events_folder(const std::filesystem::path& state);

/// Who may sign in to the console.
[[nodiscard]] std::filesystem::path accounts_file(const std::filesystem::path& state);
/// The same as database::connect() reads it.
[[nodiscard]] std::string accounts_place(const std::filesystem::path& state);

/// The folder of the compiled rulesets inside a state folder.
[[nodiscard]] std::filesystem::path rulesets_folder(const std::filesystem::path& state);

/// The folder of the downloaded lists inside a state folder.
[[nodiscard]] std::filesystem::path lists_folder(const std::filesystem::path& state);
/// Those that go with a configuration folder: its own where it is that of a bundle, else the downloaded ones.
[[nodiscard]] std::filesystem::path lists_folder(const std::filesystem::path& config,
                                                 const std::filesystem::path& state);

/// The rules of a folder, with the lists below `state`; over those of the bundle in force there the exceptions of the
/// organisation's desk lie. Or those of one compiled ruleset: a file, or a name below `state`. Null when they cannot be
/// loaded, which is told on stderr with every problem. Changes nothing.
[[nodiscard]] std::shared_ptr<const rules::policy::Rules> load_or_tell(const std::filesystem::path& what,
                                                                       const std::filesystem::path& state);

/// The same for a folder, with all that a build has to say.
[[nodiscard]] lists::BuiltRules load_folder(const std::filesystem::path& folder, const std::filesystem::path& state);

/// A compiled ruleset: a file, or a name (its first digits are enough) below `state`.
[[nodiscard]] Result<rules::match::FileBytes> find_ruleset(const std::filesystem::path& what,
                                                           const std::filesystem::path& state);

}  // namespace fairlead::agent::command
