#pragma once
// Runs a program that reads a text and answers with another. Inside agent/platform/linux only; blocks.

#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::platform {

struct ProgramAnswer {
  int exit_code = 0;  // 128 and above for a signal
  std::string out, errors;
};

/// command  its path, and the words after it.
/// input    all that it can read.
/// Errors   not_found, denied; internal when the system has no memory for the texts.
[[nodiscard]] Result<ProgramAnswer> ask_program(const std::vector<std::string>& command, std::string_view input);

}  // namespace fairlead::agent::platform
