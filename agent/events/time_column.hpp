#pragma once
// How times stand in the tables and in what is hashed: milliseconds since 1970, UTC, as the bits of a 64-bit integer.

#include <chrono>
#include <cstdint>

#include "agent/events/event.hpp"

namespace fairlead::agent::events {

/// The column's value for a time; earlier than 1970 as a negative number's bits.
[[nodiscard]] inline std::uint64_t column_from(TimePoint time) {
  return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

/// The time that column_from was given.
[[nodiscard]] inline TimePoint time_from(std::uint64_t column) {
  return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(column)));
}

}  // namespace fairlead::agent::events
