#pragma once
// Lets go of what is past its time, and writes files anew in which erased details still stand. One of several hubs does
// it at a time, and another may do it again: each step is harmless where there is nothing left. Blocking, and long: for
// a thread and a connection of its own.

#include <array>
#include <chrono>
#include <cstdint>

#include "agent/hub/database.hpp"
#include "agent/hub/parts.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::hub {

/// What is not about single events, counts without names and the audit among it.
inline constexpr auto kCountsKept = std::chrono::days(730);

/// In the order of kKept.
using KeptDays = std::array<std::chrono::days, kKept.size()>;
[[nodiscard]] KeptDays days_of(const rules::catalog::Retention& retention);

/// How long the organisation keeps what was recorded. Every hub goes by the same.
[[nodiscard]] Result<rules::catalog::Retention> kept_for(Connection& connection);
[[nodiscard]] Result<void> keep_for(Connection& connection, const rules::catalog::Retention& retention);

/// The clock that the store last believed; see command::BelievedClock.
struct StoreClock {
  Now believed{};
  std::chrono::milliseconds doubted_for{};
};
[[nodiscard]] Result<StoreClock> read_clock(Connection& connection);
[[nodiscard]] Result<void> write_clock(Connection& connection, const StoreClock& clock);
/// Whether the database's own clock says the same, to within minutes. True where it has none.
[[nodiscard]] Result<bool> agrees_with_database(Connection& connection, Now now);

/// Drops whole parts, and whatever else stands about them. Returns how many parts.
/// now      by a clock that is believed.
[[nodiscard]] Result<std::uint64_t> drop_expired(Connection& connection, Now now);

/// Writes those files anew from which something was erased. Returns how many; what somebody else is busy with is left
/// for the next time.
[[nodiscard]] Result<std::uint64_t> rewrite_files(Connection& connection);

}  // namespace fairlead::agent::hub
