#pragma once
// When a list is asked for again. Pure: `now` and chance come from the caller, so that many laptops do not ask at once
// and a test knows the answer. Any thread.

#include <chrono>
#include <cstdint>

namespace fairlead::agent::lists {

/// A number from the system's random source, evenly spread over all 64 bits.
enum class Chance : std::uint64_t {};

/// After an answer, also "not modified": refresh, give or take 10 %.
[[nodiscard]] std::chrono::sys_seconds due_after_success(std::chrono::sys_seconds now, std::chrono::hours refresh,
                                                         Chance chance);

/// After `failures` (at least 1) in a row: anywhere from 15 minutes to 15 minutes doubled for each failure, never
/// later than refresh.
[[nodiscard]] std::chrono::sys_seconds due_after_failure(std::chrono::sys_seconds now, std::chrono::hours refresh,
                                                         unsigned failures, Chance chance);

/// Due when its time has come, and when its time is further off than any wait: then a clock was wrong when it was set.
[[nodiscard]] bool is_due(std::chrono::sys_seconds next_due, std::chrono::sys_seconds now, std::chrono::hours refresh);

}  // namespace fairlead::agent::lists
