#include "agent/lists/timetable.hpp"

#include <algorithm>

namespace fairlead::agent::lists {
namespace {

using std::chrono::seconds;

constexpr seconds kShortestWait = std::chrono::minutes(15);
constexpr unsigned kMostDoublings = 16;

/// Evenly between the two, both included.
seconds between(seconds least, seconds most, Chance chance) {
  if (most <= least) return least;
  const auto choices = static_cast<std::uint64_t>((most - least).count()) + 1;
  return least + seconds(static_cast<std::int64_t>(static_cast<std::uint64_t>(chance) % choices));
}

seconds tenth(std::chrono::hours refresh) { return seconds(refresh) / 10; }

}  // namespace

std::chrono::sys_seconds due_after_success(std::chrono::sys_seconds now, std::chrono::hours refresh, Chance chance) {
  return now + between(refresh - tenth(refresh), refresh + tenth(refresh), chance);
}

std::chrono::sys_seconds due_after_failure(std::chrono::sys_seconds now, std::chrono::hours refresh, unsigned failures,
                                           Chance chance) {
  const seconds doubled = kShortestWait * (std::int64_t{1} << std::min(failures, kMostDoublings));
  return now + between(kShortestWait, std::min<seconds>(refresh, doubled), chance);
}

bool is_due(std::chrono::sys_seconds next_due, std::chrono::sys_seconds now, std::chrono::hours refresh) {
  return next_due <= now || next_due > now + refresh + tenth(refresh);
}

}  // namespace fairlead::agent::lists
