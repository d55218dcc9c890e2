#pragma once
// Reads what is asked of the rules on a command line: which address, for whom, and when. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {

/// The group of a group id, of an account name, or of a group of the operating system; else that of unknown persons.
[[nodiscard]] std::uint16_t group_named(const rules::policy::Rules& rules, std::string_view user_or_group);

/// Nothing stated is `now`. Reads "2026-03-29 10:31" or "2026-03-29 10:31 Europe/London"; without a zone, on the wall
/// of `zone`. Of a minute that comes twice the first is taken. Errors   Errc::bad_message: not of this form, no such
/// day, an unknown zone, or a minute that the clocks skip.
[[nodiscard]] Result<std::chrono::sys_seconds> read_moment(std::string_view text, std::string_view zone,
                                                           std::chrono::sys_seconds now);

}  // namespace fairlead::agent::command
