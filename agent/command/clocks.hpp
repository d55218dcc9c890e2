#pragma once
// What the laptop's clocks say of each other: whether it slept, whether the clock on the wall was set, and whether
// anything may be erased by it. Pure.

#include <chrono>
#include <cstdint>
#include <optional>

#include "agent/platform/clock_watch.hpp"

namespace fairlead::agent::command {

using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Milliseconds since 1970: how times are written down and told.
[[nodiscard]] constexpr std::int64_t number(WallTime time) { return time.time_since_epoch().count(); }

/// What happened between two looks at the clocks of one start of the laptop.
struct Between {
  std::chrono::milliseconds slept{};   // never below zero
  std::chrono::milliseconds set_by{};  // by how much the wall clock was set; below zero: back
};
[[nodiscard]] Between between(const platform::Clocks& before, const platform::Clocks& after);

/// Less is how clocks are kept right over the network.
inline constexpr std::chrono::minutes kClockJump{2};

/// Whether the wall clock may be believed where something would be lost by a wrong one: what is past its retention is
/// erased only then. A clock that goes on from when it was last believed is; one that shows a time far from that has to
/// agree with itself for a day of the laptop's running, also over several starts.
class BelievedClock {
 public:
  /// What outlives the agent.
  struct Kept {
    WallTime believed{};                      // the last time that was
    std::chrono::milliseconds doubted_for{};  // how long the clock has agreed with itself since
  };

  /// kept  nothing: the agent runs for the first time, and there is nothing to lose.
  explicit BelievedClock(std::optional<Kept> kept) : kept_(kept) {}

  /// To be asked every few minutes, and before anything is erased.
  [[nodiscard]] bool believes(const platform::Clocks& now);
  [[nodiscard]] const std::optional<Kept>& kept() const { return kept_; }

 private:
  [[nodiscard]] bool goes_on(const platform::Clocks& now) const;

  std::optional<Kept> kept_;
  std::optional<platform::Clocks> believed_;  // at that time, where it was in this run
  std::optional<platform::Clocks> last_;      // look
};

}  // namespace fairlead::agent::command
