#pragma once
// Reads events and what learners said of them at the hub. They lie by day in very many tables: a reading walks from
// day to day, some at a time, and ends as soon as it has enough. Blocking.

#include <string_view>
#include <vector>

#include "agent/events/records.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

[[nodiscard]] Result<std::vector<events::Stored>> read_events(Connection& connection, const events::Filter& filter);
/// The row of this event, or the one that stands for it.
/// Errors   not_found
[[nodiscard]] Result<events::Stored> read_event(Connection& connection, std::string_view id);
/// The oldest first; limit 0 = all.
[[nodiscard]] Result<std::vector<events::Stored>> read_events_of(Connection& connection, std::uint64_t incident,
                                                                 std::size_t limit, std::size_t offset);

}  // namespace fairlead::agent::hub
