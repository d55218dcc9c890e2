#pragma once
// How often a person is told on their desktop about a block that no page could show. Pure; one thread.

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead::agent::net {

class NoticeLimit {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kBetween{20};      // two notices for one person
  static constexpr std::chrono::minutes kBetweenSame{10};  // two about one host
  static constexpr std::size_t kMost = 128;                // notices within that time; more are not shown

  /// Is this the time for a notice? If so, it counts as shown.
  [[nodiscard]] bool take(std::string_view person, std::string_view host, Clock::time_point now);

 private:
  struct Shown {
    std::string person, host;
    Clock::time_point time;
  };
  std::vector<Shown> shown_;
};

}  // namespace fairlead::agent::net
