#include "agent/command/clocks.hpp"

#include <algorithm>

namespace fairlead::agent::command {
namespace {

constexpr std::chrono::hours kNear{24};       // how far a clock may be off while the agent runs
constexpr std::chrono::days kMostAway{30};    // a laptop that was off for longer waits, as if its clock were wrong
constexpr std::chrono::hours kToBelieve{24};  // of running

}  // namespace

Between between(const platform::Clocks& before, const platform::Clocks& after) {
  const auto passed = after.since_boot - before.since_boot;
  return {std::max(passed - (after.awake - before.awake), std::chrono::milliseconds{0}),
          after.wall - before.wall - passed};
}

bool BelievedClock::goes_on(const platform::Clocks& now) const {
  if (!kept_) return true;
  if (believed_) return std::chrono::abs(between(*believed_, now).set_by) <= kNear;
  return now.wall - kept_->believed >= -kNear && now.wall - kept_->believed <= kMostAway;
}

bool BelievedClock::believes(const platform::Clocks& now) {
  bool believed = goes_on(now);
  if (!believed && last_) {
    const bool agrees = std::chrono::abs(between(*last_, now).set_by) <= kClockJump;
    kept_->doubted_for = agrees ? kept_->doubted_for + (now.awake - last_->awake) : std::chrono::milliseconds{0};
    believed = kept_->doubted_for >= kToBelieve;
  }
  last_ = now;
  if (believed) {
    kept_ = Kept{now.wall, {}};
    believed_ = now;
  }
  return believed;
}

}  // namespace fairlead::agent::command
