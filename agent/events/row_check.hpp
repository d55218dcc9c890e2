#pragma once
// Whether one row of a chained table is as this device wrote it. What verify() walks with, and what an older store is
// read with before it is brought up to date.

#include <string>

#include "agent/events/chain.hpp"
#include "agent/events/database.hpp"

namespace fairlead::agent::events {

/// What the seal of a row covers: its digest, or its place too (two columns behind the proof of erasure).
enum class Sealed : std::uint8_t { digest, place };

struct Checked {
  std::string bad;  // empty: as it was written; else "event 17: its digest does not match ..."
  bool erased = false;
};

/// row      a statement standing on a row whose columns are in the order of the shape.
/// link     the row before, as it was found; moves on to this row.
[[nodiscard]] Checked check_row(Hasher& hasher, const DeviceKey& key, const Shape& shape, Sealed sealed,
                                const Statement& row, Link& link);

/// "event 17"
[[nodiscard]] std::string name_of(const Shape& shape, std::uint64_t sequence);

/// Whether a row of kAllCounters bears this device's proof.
[[nodiscard]] bool is_proved(Hasher& hasher, const DeviceKey& key, const Statement& counter);

}  // namespace fairlead::agent::events
