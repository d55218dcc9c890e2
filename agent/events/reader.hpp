#pragma once
// Reads events and their reports from an open events.db. Blocking; a connection belongs to one thread at a time.

#include <functional>
#include <string_view>

#include "agent/events/database.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// The row that a statement with kEventColumns stands on; without device and reports. Of version 1: without incident.
[[nodiscard]] Stored stored_at(const Statement& row);

/// The first column of every row that is left.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_numbers(Statement& rows);

/// The number of a name in this file; nothing where it does not stand in it.
[[nodiscard]] Result<std::optional<std::uint64_t>> person_number(const Database& database, std::string_view name);

/// Rows of events with what hangs on them.
class EventRows {
 public:
  [[nodiscard]] static Result<EventRows> open(const Database& database, std::string_view device);
  /// Calls `row` for each row that is left in the statement.
  [[nodiscard]] Result<void> read(Statement& events, const std::function<void(const Stored&)>& row);

 private:
  EventRows(std::string device, Statement reports) : device_(std::move(device)), reports_(std::move(reports)) {}
  std::string device_;
  Statement reports_;
};

/// device  the id that goes into every event's key.
/// Calls `row` for each event that fits, with its reports; one consistent moment of the store.
[[nodiscard]] Result<void> read_events(const Database& database, std::string_view device, const Filter& filter,
                                       const std::function<void(const Stored&)>& row);

/// Errors  not_found
[[nodiscard]] Result<Stored> read_event(const Database& database, std::string_view device, std::string_view id);

/// The oldest first; limit 0 = all.
[[nodiscard]] Result<std::vector<Stored>> read_events_of(const Database& database, std::string_view device,
                                                         std::uint64_t incident, std::size_t limit, std::size_t offset);

[[nodiscard]] Result<std::vector<EpochRange>> read_epochs(const Database& database, Table table);

/// Events whose time is up by `now`, in order.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_expired(const Database& database,
                                                              const rules::catalog::Retention& retention,
                                                              TimePoint now);

/// Events of this person that are not erased.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_events_about(const Database& database, std::string_view person);

/// Everybody whose name stands in the store.
[[nodiscard]] Result<std::vector<std::string>> read_people(const Database& database);

}  // namespace fairlead::agent::events
