#pragma once
// What a long command is doing, while a person watches it. Nothing is said into files and pipes.

#include <functional>
#include <string_view>

namespace fairlead::agent::command {

/// Writes each step over the one before on standard error; empty when that is no terminal. The line goes with the last
/// copy of the function.
[[nodiscard]] std::function<void(std::string_view step)> told_to_a_person();

}  // namespace fairlead::agent::command
