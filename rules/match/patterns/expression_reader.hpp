#pragma once
// Reads the expressions of RE2 that category files and lists hold, to ask an automaton about them. RE2 has the last
// word on what an expression is and matches; this only has to know what it reads.

#include <optional>
#include <string_view>

#include "rules/match/patterns/position_automaton.hpp"

namespace fairlead::rules::match {

/// re2       an expression that RE2 takes, at most 4096 bytes.
/// any_case  as RE2 is told.
/// Returns   an automaton that is finished and takes all that `re2` matches; none when `re2` holds what this does not
///           read, or is too large.
/// Source    https://github.com/google/re2/wiki/Syntax
[[nodiscard]] std::optional<PositionAutomaton> read_expression(std::string_view re2, bool any_case);

}  // namespace fairlead::rules::match
