#pragma once
// Reads events and their reports from an open events.db. Blocking; a connection belongs to one thread at a time.

#include <functional>
#include <string_view>

#include "agent/events/database.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// device  the id that goes into every event's key.
/// Calls `row` for each event that fits, with its reports; one consistent moment of the store.
[[nodiscard]] Result<void> read_events(const Database& database, std::string_view device, const Filter& filter,
                                       const std::function<void(const Stored&)>& row);

/// Errors  not_found
[[nodiscard]] Result<Stored> read_event(const Database& database, std::string_view device, std::string_view id);

/// Events whose time is up by `now`, in order.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_expired(const Database& database,
                                                              const rules::catalog::Retention& retention,
                                                              TimePoint now);

}  // namespace fairlead::agent::events
