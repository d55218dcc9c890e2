#pragma once
// When this program was made: no clock that is right shows an earlier day. Pure.

#include <chrono>

namespace fairlead::agent::command {

/// SOURCE_DATE_EPOCH where that is set, else the day on which the build was configured.
[[nodiscard]] std::chrono::sys_days built_on();

}  // namespace fairlead::agent::command
