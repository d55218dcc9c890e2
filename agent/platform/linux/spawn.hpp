#pragma once
// Starts a program and waits for its end. Inside agent/platform/linux only; blocks.

#include <spawn.h>

#include <string>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::platform {

/// command       its path, and the words after it.
/// actions       what its descriptors are.
/// environment   ends with a null.
/// Returns       its exit code; 128 and above for a signal.
/// Errors        not_found, denied.
[[nodiscard]] Result<int> spawn_and_wait(const std::vector<std::string>& command,
                                         const posix_spawn_file_actions_t& actions, char* const environment[]);

}  // namespace fairlead::agent::platform
