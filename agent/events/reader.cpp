#include "agent/events/reader.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "agent/events/chain.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

constexpr std::uint64_t kAnybody = std::numeric_limits<std::uint64_t>::max();  // -1 to SQLite
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

/// Unknown words are only met in a store that somebody edited; verify() names those.
Kind kind_from(std::string_view text) {
  for (const Kind kind : {Kind::observed, Kind::malformed, Kind::passed_through})
    if (text == to_string(kind)) return kind;
  return Kind::blocked;
}

Navigation navigation_from(std::string_view text) {
  for (const Navigation navigation : {Navigation::yes, Navigation::no})
    if (text == to_string(navigation)) return navigation;
  return Navigation::unknown;
}

ReportKind report_kind_from(std::string_view text) {
  for (const ReportKind kind : {ReportKind::accident, ReportKind::wrong})
    if (text == to_string(kind)) return kind;
  return ReportKind::concern;
}

Result<void> read_reports(Statement& rows, Stored& into) {
  into.reports.clear();
  rows.integer(into.sequence);
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    Report report;
    report.event_id = into.event.id;
    report.time = time_from(rows.integer_at(3));
    report.kind = report_kind_from(rows.bytes_at(4));
    report.person = rows.bytes_at(5);
    report.words = rows.bytes_at(6);
    into.reports.push_back(std::move(report));
  }
  rows.reset();
  return {};
}

struct Bounds {
  std::uint64_t from = 1, to = std::numeric_limits<std::int64_t>::max();
};

/// Where events of this time may lie: they stand in the order in which they came, and the clock may have been set back.
Result<Bounds> bounds_of(const Database& database, const Filter& filter) {
  Bounds bounds;
  if (filter.before != 0) bounds.to = filter.before - 1;
  bounds.from = filter.after + 1;
  if (!filter.since && !filter.until) return bounds;
  auto row = database.prepare(sql::kReach);
  if (!row) return tl::unexpected(std::move(row).error());
  constexpr auto kNoDay = std::numeric_limits<std::int64_t>::max();
  row->integer(static_cast<std::uint64_t>(filter.since ? day_of(*filter.since) : -kNoDay));
  row->integer(static_cast<std::uint64_t>(filter.until ? day_of(*filter.until) : kNoDay));
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  bounds.from = std::max(bounds.from, row->integer_at(0));
  bounds.to = std::min(bounds.to, row->integer_at(1));
  return bounds;
}

/// A filter with everything that its statements are given.
struct Query {
  const Filter& filter;
  Bounds bounds;
  std::uint64_t person = kAnybody;

  void bind(Statement& statement) const {
    statement.integer(bounds.from)
        .integer(bounds.to)
        .integer(column_from(filter.since.value_or(TimePoint::min())))
        .integer(column_from(filter.until.value_or(TimePoint::max())))
        .integer(person)
        .text(filter.category)
        .text(filter.risk)
        .text(filter.severity)
        .text(filter.group)
        .text(filter.kind)
        .text(filter.words)
        .integer(filter.limit == 0 ? kAll : filter.limit);
  }
};

/// Up to so many events are sorted after an index found them; more of them stand so close that walking back through
/// all events meets enough soon.
constexpr std::uint64_t kFewEvents = 50'000;

/// The statement that finds the newest events by an index, where that is the shorter way; else nothing.
Result<std::string_view> shorter_way(const Database& database, const Query& query) {
  const Filter& filter = query.filter;
  if (filter.limit == 0 || !filter.newest_first || !filter.person.empty()) return std::string_view();
  const bool of_class = !filter.category.empty() || !filter.risk.empty() || !filter.severity.empty() ||
                        !filter.group.empty() || !filter.kind.empty();
  const std::tuple<bool, std::string_view, std::string_view> ways[] = {
      {!filter.words.empty(), sql::kCountOfHost, sql::kOfHostNewest},
      {of_class, sql::kCountOfClass, sql::kOfClassNewest}};
  for (const auto& [asked, count, way] : ways) {
    if (!asked) continue;
    auto counting = database.prepare(count);
    if (!counting) return tl::unexpected(std::move(counting).error());
    query.bind(*counting);
    const auto counted = counting->integer(kFewEvents + 1).step();
    if (!counted) return tl::unexpected(counted.error());
    if (counting->integer_at(0) <= kFewEvents) return way;
  }
  return std::string_view();
}

/// Rows that an index found, fetched one by one.
Result<void> read_found(const Database& database, const Query& query, std::string_view way, EventRows& rows,
                        const std::function<void(const Stored&)>& row) {
  auto sequences = database.prepare(way);
  if (!sequences) return tl::unexpected(std::move(sequences).error());
  auto event = database.prepare(sql::kEventBySequence);
  if (!event) return tl::unexpected(std::move(event).error());
  query.bind(*sequences);
  for (;;) {
    const auto found = sequences->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    event->integer(sequences->integer_at(0));
    if (auto read = rows.read(*event, row); !read) return read;
    event->reset();
  }
}

}  // namespace

Stored stored_at(const Statement& row) {
  Stored out;
  int column = 0;
  out.sequence = out.place = row.integer_at(column++);
  out.epoch = row.integer_at(column++);
  Event& event = out.event;
  event.time = time_from(row.integer_at(column++));
  event.id = row.bytes_at(column++);
  event.kind = kind_from(row.bytes_at(column++));
  event.found = row.bytes_at(column++);
  event.group = row.bytes_at(column++);
  event.method = row.bytes_at(column++);
  event.navigation = navigation_from(row.bytes_at(column++));
  for (std::string* field : {&event.navigation_sign, &event.category, &event.risk, &event.severity, &event.review,
                             &event.rule, &event.source, &event.level, &event.ruleset_id, &event.policy_version,
                             &event.person, &event.url, &event.host, &event.words, &event.span, &event.losers})
    *field = row.bytes_at(column++);
  out.digest = row.bytes_at(kEventShape.digest());
  out.erased = !row.null_at(kEventShape.erased());
  out.incident = row.integer_at(kEventShape.erased() + 1);
  return out;
}

Result<std::optional<std::uint64_t>> person_number(const Database& database, std::string_view name) {
  auto row = database.prepare(sql::kPersonNumber);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->text(name).step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  return row->integer_at(0);
}

Result<void> EventRows::read(Statement& events, const std::function<void(const Stored&)>& row) {
  for (;;) {
    const auto found = events.step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    Stored current = stored_at(events);
    current.device = device_;
    if (auto read = read_reports(reports_, current); !read) return read;
    row(current);
  }
}

Result<EventRows> EventRows::open(const Database& database, std::string_view device) {
  auto reports = database.prepare(sql::kReportsOfEvent);
  if (!reports) return tl::unexpected(std::move(reports).error());
  return EventRows(std::string(device), std::move(*reports));
}

Result<void> read_events(const Database& database, std::string_view device, const Filter& filter,
                         const std::function<void(const Stored&)>& row) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return snapshot.begun();
  Query query{filter, {}, kAnybody};
  if (!filter.person.empty()) {
    const auto number = person_number(database, filter.person);
    if (!number) return tl::unexpected(number.error());
    if (!*number) return {};
    query.person = **number;
  }
  const auto bounds = bounds_of(database, filter);
  if (!bounds) return tl::unexpected(bounds.error());
  query.bounds = *bounds;
  auto rows = EventRows::open(database, device);
  if (!rows) return tl::unexpected(std::move(rows).error());
  const auto way = shorter_way(database, query);
  if (!way) return tl::unexpected(way.error());
  if (!way->empty()) return read_found(database, query, *way, *rows, row);
  const bool one_person = query.person != kAnybody;
  auto events =
      database.prepare(filter.newest_first ? (one_person ? sql::kPersonsNewestFirst : sql::kEventsNewestFirst)
                                           : (one_person ? sql::kPersonsOldestFirst : sql::kEventsOldestFirst));
  if (!events) return tl::unexpected(std::move(events).error());
  query.bind(*events);
  return rows->read(*events, row);
}

Result<std::vector<Stored>> read_events_of(const Database& database, std::string_view device, std::uint64_t incident,
                                           std::size_t limit, std::size_t offset) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  auto rows = EventRows::open(database, device);
  if (!rows) return tl::unexpected(std::move(rows).error());
  auto events = database.prepare(sql::kEventsOfIncident);
  if (!events) return tl::unexpected(std::move(events).error());
  events->integer(incident).integer(limit == 0 ? kAll : limit).integer(offset);
  std::vector<Stored> out;
  if (auto read = rows->read(*events, [&](const Stored& one) { out.push_back(one); }); !read)
    return tl::unexpected(std::move(read).error());
  return out;
}

Result<Stored> read_event(const Database& database, std::string_view device, std::string_view id) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  auto events = database.prepare(sql::kEventById);
  if (!events) return tl::unexpected(std::move(events).error());
  auto reports = database.prepare(sql::kReportsOfEvent);
  if (!reports) return tl::unexpected(std::move(reports).error());
  const auto found = events->text(id).step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail(Errc::not_found, Side::local, "there is no event with this id");
  Stored out = stored_at(*events);
  out.device = device;
  if (auto read = read_reports(*reports, out); !read) return tl::unexpected(std::move(read).error());
  return out;
}

Result<std::vector<std::uint64_t>> read_numbers(Statement& rows) {
  std::vector<std::uint64_t> out;
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(rows.integer_at(0));
  }
}

Result<std::vector<std::uint64_t>> read_expired(const Database& database, const rules::catalog::Retention& retention,
                                                TimePoint now) {
  auto rows = database.prepare(sql::kExpired);
  if (!rows) return tl::unexpected(std::move(rows).error());
  for (const std::chrono::days kept :
       {retention.observed, retention.low, retention.medium, retention.high, retention.critical})
    rows->integer(column_from(now - kept));
  return read_numbers(*rows);
}

Result<std::vector<std::uint64_t>> read_events_about(const Database& database, std::string_view person) {
  const auto number = person_number(database, person);
  if (!number) return tl::unexpected(number.error());
  if (!*number) return std::vector<std::uint64_t>();
  auto rows = database.prepare(sql::kEventsOfPerson);
  if (!rows) return tl::unexpected(std::move(rows).error());
  rows->integer(**number);
  return read_numbers(*rows);
}

Result<std::vector<std::string>> read_people(const Database& database) {
  auto rows = database.prepare(sql::kPeople);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::vector<std::string> out;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.emplace_back(rows->bytes_at(0));
  }
}

Result<std::vector<EpochRange>> read_epochs(const Database& database, Table table) {
  auto rows = database.prepare(table == Table::events    ? sql::kEpochs
                               : table == Table::reports ? sql::kReportEpochs
                                                         : sql::kEntryEpochs);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::vector<EpochRange> out;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({rows->integer_at(0), rows->integer_at(1), rows->integer_at(2)});
  }
}

}  // namespace fairlead::agent::events
