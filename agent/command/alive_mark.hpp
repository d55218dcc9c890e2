#pragma once
// A small file of the state folder from which the next start knows until when the last agent was alive, and how it
// ended. Written every few minutes, when the agent is awake anyway. Blocks.

#include <filesystem>
#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "agent/command/clocks.hpp"
#include "agent/platform/clock_watch.hpp"

namespace fairlead::agent::command {

struct AliveMark {
  WallTime wall{};
  std::chrono::milliseconds since_boot{};
  bool ended = false;  // because it was told to end
  std::optional<BelievedClock::Kept> clock;
};

/// Nothing where there is none, or none that can be read: then nothing is known of the time before.
[[nodiscard]] std::optional<AliveMark> read_alive_mark(const std::filesystem::path& state);
/// Whole and on the disk when it returns. Errors: disk_full, denied.
[[nodiscard]] Result<void> write_alive_mark(const std::filesystem::path& state, const AliveMark& mark);

/// What an entry `agent_stopped` says: {"from": ms, "to": ms, "ended": "told_to" | "unexpectedly", "laptop_was_off":
/// true | false}. The last is told by the clocks: where the wall clock was set in between, it says true. Pure.
[[nodiscard]] nlohmann::json stopped_between(const AliveMark& last, const platform::Clocks& now);

}  // namespace fairlead::agent::command
