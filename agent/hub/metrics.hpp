#pragma once
// What a hub counts of itself, as Prometheus reads it (text format 0.0.4). No person, no laptop and no address is in
// it, and labels have values of the program alone, so that nobody who asks for odd paths makes it grow. answered() and
// text() on one thread, that of the event loop; the others on any.

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "agent/hub/endpoints.hpp"
#include "agent/hub/fleet_counts.hpp"

namespace fairlead::agent::hub {

/// Upper bounds in seconds of how long taking a batch took; above the last there is one more.
inline constexpr std::array kTakingBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

class Metrics {
 public:
  /// took   from when the request was there whole until its answer was.
  void answered(std::string_view path, const Answer& answer, std::chrono::steady_clock::duration took);
  void count(const FleetCounts& fleet);
  /// Nothing that the store said before is told while it is away.
  void store_is(bool up);
  [[nodiscard]] std::string text() const;

 private:
  static constexpr std::size_t kEndpoints = 8, kClasses = 4;
  std::array<std::array<std::uint64_t, kClasses>, kEndpoints> answers_{};
  struct OfTable {
    std::uint64_t batches = 0;
    Tally rows;
  };
  OfTable events_, book_;
  std::array<std::uint64_t, kTakingBounds.size() + 1> taking_{};
  double taking_seconds_ = 0;

  mutable std::mutex mutex_;  // of what follows
  FleetCounts fleet_;
  bool counted_ = false, store_up_ = false;
};

}  // namespace fairlead::agent::hub
