#pragma once
// Two parts of the report: how incidents and people's words were looked after, and what the numbers rest on, with what
// is not known said plainly. Pure; usable from any thread.

#include "agent/console/report/figures.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::report {

[[nodiscard]] pages::Html looked_after(const Figures& figures);

[[nodiscard]] pages::Html behind(const Cover& cover, const Sums& sums);

/// "On 5 of 7 days ...": what the store can tell of the days on which the filter ran.
[[nodiscard]] std::string days_text(const Cover& cover);
/// "The rules in force were made 3 days before this report"; nothing is known: says so.
[[nodiscard]] std::string rules_text(const Cover& cover, std::chrono::sys_seconds now);

}  // namespace fairlead::agent::console::report
