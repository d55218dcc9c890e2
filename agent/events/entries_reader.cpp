#include "agent/events/entries_reader.hpp"

#include <limits>

#include "agent/events/chain.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();  // -1 to SQLite
constexpr std::uint64_t kNoNumber = kAll - 1;                              // -2

Entry entry_at(const Statement& row) {
  Entry entry;
  entry.sequence = row.integer_at(0);
  entry.time = time_from(row.integer_at(2));
  entry.incident = row.integer_at(3);
  if (row.integer_at(4) != 0) entry.keep = time_from(row.integer_at(4));
  entry.kind = row.bytes_at(5);
  entry.subject = row.bytes_at(6);
  entry.actor = row.bytes_at(8);
  entry.person = row.bytes_at(9);
  entry.body = row.bytes_at(10);
  entry.erased = !row.null_at(kEntryShape.erased());
  return entry;
}

/// By the index that leads to the fewest rows.
std::string_view statement_for(const EntryFilter& filter) {
  if (filter.incident != 0) return filter.newest_first ? sql::kIncidentsEntriesNewest : sql::kIncidentsEntriesOldest;
  if (!filter.person.empty()) return filter.newest_first ? sql::kPersonsEntriesNewest : sql::kPersonsEntriesOldest;
  if (!filter.kind.empty()) return filter.newest_first ? sql::kKindsEntriesNewest : sql::kKindsEntriesOldest;
  return filter.newest_first ? sql::kEntriesNewestFirst : sql::kEntriesOldestFirst;
}

/// The number of a name in this file; kNoNumber where it does not stand among the people, kAll for no name.
Result<std::uint64_t> number_of(const Database& database, std::string_view name) {
  if (name.empty()) return kAll;
  const auto number = person_number(database, name);
  if (!number) return tl::unexpected(number.error());
  return number->value_or(kNoNumber);
}

}  // namespace

Result<std::vector<Entry>> read_entries(const Database& database, const EntryFilter& filter) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  std::vector<Entry> out;
  const auto actor = number_of(database, filter.actor);
  if (!actor) return tl::unexpected(actor.error());
  if (*actor == kNoNumber) return out;
  const auto person = number_of(database, filter.person);
  if (!person) return tl::unexpected(person.error());
  auto rows = database.prepare(statement_for(filter));
  if (!rows) return tl::unexpected(std::move(rows).error());
  rows->text(filter.person)
      .integer(column_from(filter.since.value_or(TimePoint::min())))
      .integer(column_from(filter.until.value_or(TimePoint::max())))
      .text(filter.kind)
      .text(filter.subject)
      .integer(*actor)
      .integer(*person)
      .integer(filter.incident)
      .integer(filter.limit == 0 ? kAll : filter.limit);
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return out;
    out.push_back(entry_at(*rows));
  }
}

Result<std::vector<std::uint64_t>> read_expired_entries(const Database& database, TimePoint now) {
  auto rows = database.prepare(sql::kExpiredEntries);
  if (!rows) return tl::unexpected(std::move(rows).error());
  rows->integer(column_from(now));
  return read_numbers(*rows);
}

Result<std::vector<std::uint64_t>> read_entries_about(const Database& database, std::string_view person) {
  const auto number = number_of(database, person);
  if (!number) return tl::unexpected(number.error());
  auto rows = database.prepare(sql::kEntriesOfName);
  if (!rows) return tl::unexpected(std::move(rows).error());
  rows->text(person).integer(*number);
  return read_numbers(*rows);
}

}  // namespace fairlead::agent::events
