#include "agent/events/incidents_reader.hpp"

#include <functional>
#include <limits>
#include <optional>

#include "agent/events/incidents_table.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::uint64_t kAnybody = std::numeric_limits<std::uint64_t>::max();  // -1 to SQLite

Incident incident_at(const Statement& row, std::string_view device) {
  Incident incident = course_at(row).incident;
  incident.device = device;
  return incident;
}

/// More events than this with a part of a host: most incidents have one.
constexpr std::uint64_t kCommonHost = 100'000;

/// Is it shorter to ask each incident for such a host than to look for the incidents of such hosts?
Result<bool> is_of_common_host(const Database& database, const IncidentFilter& filter) {
  if (filter.words.empty()) return false;
  auto count = database.prepare(sql::kCountEventsOfHost);
  if (!count) return tl::unexpected(std::move(count).error());
  const auto counted = count->text(filter.words).integer(kCommonHost).step();
  if (!counted) return tl::unexpected(counted.error());
  return count->integer_at(0) >= kCommonHost;
}

/// Binds everything but limit and offset. False: nothing can fit.
Result<bool> bind(const Database& database, Statement& statement, const IncidentFilter& filter) {
  std::uint64_t person = kAnybody;
  if (!filter.person.empty()) {
    const auto number = person_number(database, filter.person);
    if (!number) return tl::unexpected(number.error());
    if (!*number) return false;
    person = **number;
  }
  statement.integer(column_from(filter.since.value_or(TimePoint::min())))
      .integer(column_from(filter.until.value_or(TimePoint::max())))
      .integer(person)
      .text(filter.category)
      .text(filter.risk)
      .text(filter.severity)
      .text(filter.group)
      .text(filter.state ? to_string(*filter.state) : std::string_view())
      .integer(filter.open_only ? 1 : 0)
      .integer(filter.without_background ? 1 : 0)
      .integer(column_from(filter.changed_after.value_or(TimePoint::min())))
      .text(filter.words);
  return true;
}

/// Calls `row` for each row of a statement about days.
Result<void> each_day(const Database& database, std::string_view sql, TimePoint since, TimePoint until,
                      const std::function<void(const Statement&)>& row) {
  auto rows = database.prepare(sql);
  if (!rows) return tl::unexpected(std::move(rows).error());
  rows->integer(static_cast<std::uint64_t>(std::chrono::floor<std::chrono::days>(since).time_since_epoch().count()));
  rows->integer(static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::days>(until).time_since_epoch().count()));
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    row(*rows);
  }
}

std::string text_at(const Statement& row, int column) { return std::string(row.bytes_at(column)); }
std::int64_t day_at(const Statement& row) { return static_cast<std::int64_t>(row.integer_at(0)); }

}  // namespace

Result<std::vector<Incident>> read_incidents(const Database& database, std::string_view device,
                                             const IncidentFilter& filter) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  const auto common = is_of_common_host(database, filter);
  if (!common) return tl::unexpected(common.error());
  auto rows = database.prepare(*common ? sql::kIncidentsOfCommonHost : sql::kIncidents);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::vector<Incident> out;
  const auto may_fit = bind(database, *rows, filter);
  if (!may_fit) return tl::unexpected(may_fit.error());
  if (!*may_fit) return out;
  rows->integer(filter.limit).integer(filter.offset);
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return out;
    out.push_back(incident_at(*rows, device));
  }
}

Result<std::uint64_t> read_incident_count(const Database& database, const IncidentFilter& filter) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  const auto common = is_of_common_host(database, filter);
  if (!common) return tl::unexpected(common.error());
  auto row = database.prepare(*common ? sql::kCountIncidentsOfCommonHost : sql::kCountIncidents);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto may_fit = bind(database, *row, filter);
  if (!may_fit) return tl::unexpected(may_fit.error());
  if (!*may_fit) return 0;
  if (*common) row->integer(kMostCounted);
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  return row->integer_at(0);
}

Result<Incident> read_incident(const Database& database, std::string_view device, std::uint64_t number) {
  auto row = database.prepare(sql::kIncidentByNumber);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->integer(number).step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail(Errc::not_found, Side::local, "there is no incident with this number");
  return incident_at(*row, device);
}

Result<Totals> read_totals(const Database& database, TimePoint since, TimePoint until) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  Totals totals;
  const std::pair<std::string_view, std::function<void(const Statement&)>> parts[] = {
      {sql::kTotalsOfDays,
       [&](const Statement& row) {
         totals.events.push_back(
             {day_at(row), text_at(row, 1), text_at(row, 2), text_at(row, 3), row.integer_at(4), row.integer_at(5)});
       }},
      {sql::kCountersOfDays,
       [&](const Statement& row) {
         totals.quiet.push_back({day_at(row), text_at(row, 1), text_at(row, 2), row.integer_at(3)});
       }},
      {sql::kReportsOfDays,
       [&](const Statement& row) {
         totals.reports.push_back({day_at(row), text_at(row, 1), row.integer_at(2)});
       }},
      {sql::kStatesOfDays, [&](const Statement& row) {
         if (const auto state = state_from(row.bytes_at(0)))
           totals.incidents.at(static_cast<std::size_t>(*state)) = row.integer_at(1);
       }}};
  for (const auto& [sql, row] : parts) {
    if (auto read = each_day(database, sql, since, until, row); !read) return tl::unexpected(std::move(read).error());
  }
  return totals;
}

Result<IncidentSummary> read_summary(const Database& database, TimePoint since, TimePoint until) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  IncidentSummary out;
  auto begun = database.prepare(sql::kIncidentsBegun);
  if (!begun) return tl::unexpected(std::move(begun).error());
  begun->integer(column_from(since)).integer(column_from(until));
  for (;;) {
    const auto found = begun->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) break;
    if (const auto state = state_from(begun->bytes_at(1)))
      out.begun.push_back({begun->integer_at(0), *state, time_from(begun->integer_at(2))});
  }
  auto open = database.prepare(sql::kIncidentsOpen);
  if (!open) return tl::unexpected(std::move(open).error());
  if (const auto found = open->step(); !found) return tl::unexpected(found.error());
  out.open = open->integer_at(0);
  if (out.open > 0) out.oldest_open = time_from(open->integer_at(1));
  return out;
}

Result<std::vector<Member>> read_members(const Database& database) {
  auto rows = database.prepare(sql::kMembers);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::vector<Member> out;
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return out;
    out.push_back({text_at(*rows, 0), text_at(*rows, 1)});
  }
}

}  // namespace fairlead::agent::events
