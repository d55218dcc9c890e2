#pragma once
// What another text of one file would do: built aside by the code that builds what comes into force, linted, compared
// with the rules in force, and tried on what was stopped or noted lately. Reads files and the store; blocks; changes
// nothing.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "agent/console/workshop.hpp"
#include "agent/events/store.hpp"
#include "agent/lists/build_rules.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {

/// The folder with one text in place of another, and the lists below `state`, in memory. With what lint has to say of
/// that file.
[[nodiscard]] lists::BuiltRules build_with(const std::filesystem::path& config, const std::filesystem::path& state,
                                           std::string_view name, std::string text);

/// Adds to `preview` what the rules would do otherwise. No person, group or device comes into it.
void compare_rules(const rules::policy::Rules& before, const rules::policy::Rules& after, console::Moment now,
                   console::Preview& preview);
void replay_events(const events::Store& store, const rules::policy::Rules& before, const rules::policy::Rules& after,
                   console::Moment now, console::Preview& preview);

}  // namespace fairlead::agent::command
