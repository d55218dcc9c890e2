#pragma once
// How far a release of rules has gone, which laptop is handed it, and whether it goes on. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/hub/store.hpp"

namespace fairlead::agent::hub {

/// Of all laptops, which share is handed a release: 5 %, then 50 %, then all.
struct Rollout {
  std::vector<unsigned> stages;  // percent, growing, the last one 100
  std::size_t stage = 0;
  Now stage_since{};
  std::chrono::milliseconds wait{};  // in each stage, before the next
  std::string stopped;               // why it does not go on; empty: it does

  [[nodiscard]] bool is_complete() const { return stage + 1 >= stages.size(); }
  /// Nobody is handed what was stopped.
  [[nodiscard]] unsigned percent() const { return stopped.empty() ? stages[stage] : 0; }
};

/// "5,50,100". Errors: bad_file.
[[nodiscard]] Result<std::vector<unsigned>> read_stages(std::string_view text);
[[nodiscard]] std::string write_stages(const std::vector<unsigned>& stages);

/// Whether a device is among so many percent: always the same ones of a version, others for another.
[[nodiscard]] bool is_among(std::string_view device, std::uint64_t version, unsigned percent);

/// What laptops have told since the stage began.
struct Heard {
  std::uint64_t chosen = 0;      // that should have it
  std::uint64_t on_it = 0;       // that have it
  std::uint64_t failing = 0;     // that refuse it, or have it and cannot load it
  std::string example;           // why one of them does
  double blocks = 0, hours = 0;  // of those that have it, in the time that they were heard
  double blocks_of_others = 0, hours_of_others = 0;
};

enum class Next : std::uint8_t { wait, move_on, stop };
struct Judgement {
  Next next = Next::wait;
  std::string why;  // of a stop
};
[[nodiscard]] Judgement judge(const Rollout& rollout, const Heard& heard, Now now);

}  // namespace fairlead::agent::hub
