#pragma once
// What became of the lists of a build, for people.

#include <string>

#include "agent/lists/build_rules.hpp"

namespace fairlead::agent::command {

/// A line or more for each list: taken, folded, left out by reason with line numbers. Ends with what the proof found.
[[nodiscard]] std::string describe_lists(const lists::BuiltRules& built);

}  // namespace fairlead::agent::command
