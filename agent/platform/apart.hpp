#pragma once
// Work that root hands to an account without any rights. Blocks; for commands, which have one thread.

#include <chrono>
#include <functional>
#include <string>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

/// An account that nobody has: a number between those of the system and those of people (Debian policy, 9.2.2, keeps
/// 60000-64999 for packages that ask for one by name). To a firewall that spares only the accounts that it knows, it is
/// a person.
inline constexpr UserId kNobodyInParticular{61183};

/// Runs `work` in a process of its own, as this account, without groups and without a way back, and returns its text.
/// Errors   denied: this process may not become it. timed_out: it took longer than `limit` and was ended.
///          internal: it ended without a word.
[[nodiscard]] Result<std::string> run_apart(UserId account, std::chrono::seconds limit,
                                            const std::function<std::string()>& work);

}  // namespace fairlead::agent::platform
