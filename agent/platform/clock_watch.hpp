#pragma once
// The clocks of this laptop, and word of it when the one on the wall is set or the laptop comes back from sleep. Costs
// nothing while nothing happens. One thread.

#include <chrono>

#include "rules/base/result.hpp"

namespace fairlead::agent::platform {

/// All clocks at one moment.
struct Clocks {
  std::chrono::sys_time<std::chrono::milliseconds> wall{};
  std::chrono::milliseconds since_boot{};  // goes on while the laptop sleeps
  std::chrono::milliseconds awake{};       // does not
};
[[nodiscard]] Clocks read_clocks();

/// A descriptor that becomes readable when the wall clock was set, by whomever, or the laptop came back from sleep.
class ClockWatch {
 public:
  ClockWatch();
  ~ClockWatch();
  ClockWatch(const ClockWatch&) = delete;
  ClockWatch& operator=(const ClockWatch&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }  // -1 when the system cannot tell
  /// Takes the notice away and waits for the next one. False where there was none.
  bool drain();

 private:
  void arm() const;
  int descriptor_ = -1;
};

}  // namespace fairlead::agent::platform
