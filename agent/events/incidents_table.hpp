#pragma once
// Incidents as they lie in events.db, read and written whole. Belongs to the connection's thread.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "agent/events/database.hpp"
#include "agent/events/grouping.hpp"

namespace fairlead::agent::events {

/// The row that a statement with kIncidentColumns stands on; of kIncidentsToJoin without names of person and host.
[[nodiscard]] Course course_at(const Statement& row);
/// Binds the columns of kWriteIncident and runs it.
[[nodiscard]] Result<void> write_course(Statement& write, const Course& course);
/// Why two rows differ, in one word ("severity"), or nothing: names of person and host, and the host's number, aside.
[[nodiscard]] std::string_view difference(const Course& one, const Course& other);

/// Gives events their incidents and keeps the rows; used inside the writer's transaction.
class IncidentsTable {
 public:
  /// The database must outlive it. base   the number before the first of this epoch.
  [[nodiscard]] static Result<IncidentsTable> open(const Database& database, std::uint64_t base);

  /// Finds the incident of an event, adds the event to it, and returns its place.
  [[nodiscard]] Result<Place> place(const Seen& seen);
  /// Reads the last number anew, after a transaction that was rolled back.
  [[nodiscard]] Result<void> refresh();

 private:
  struct Statements {
    Statement to_join, has_host, write;
  };
  IncidentsTable(const Database& database, std::uint64_t base, std::unique_ptr<Statements> statements)
      : database_(&database), base_(base), statements_(std::move(statements)) {}

  const Database* database_;  // the writer's, which outlives this
  std::uint64_t base_, last_ = 0;
  std::unique_ptr<Statements> statements_;
};

}  // namespace fairlead::agent::events
