#pragma once
// Fills a report's figures from the store. Only counts and spans of time come out: no person, host or laptop. Blocks
// for the store: never on the event loop.

#include <filesystem>

#include "agent/console/report/figures.hpp"
#include "agent/console/report/published.hpp"
#include "agent/events/records.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::console::report {

/// What the store cannot know.
struct Around {
  std::chrono::sys_seconds now{};
  std::optional<std::chrono::sys_seconds> rules_since;
  std::optional<std::uint64_t> alerts_waiting;  // not delivered yet, as the running agent says
  std::uint64_t laptops = 1;                    // whose events these are
};

/// When the rules in force were made, by the file that holds them below STATE/rulesets; nothing when there is none.
[[nodiscard]] std::optional<std::chrono::sys_seconds> rules_made_at(const std::filesystem::path& state);

/// How many alerts are on their way or refused, by what `fairlead status --json` says; nothing where it does not say.
[[nodiscard]] std::optional<std::uint64_t> alerts_waiting_in(const std::string& status);

/// How much of a period is asked for.
enum class Depth : std::uint8_t { counts, everything };

/// counts      events, quiet counts, words and cover alone: for the time before, and for published sheets.
/// everything  incidents, answers and alerts too.
[[nodiscard]] Result<Figures> gather(const events::Records& store, const rules::policy::Rules& rules,
                                     const Period& period, const Around& around, Depth depth);

/// People whom the store still names, by group.
[[nodiscard]] Result<PeopleCount> count_people(const events::Records& store);

}  // namespace fairlead::agent::console::report
