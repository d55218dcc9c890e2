#include "agent/events/reader.hpp"

#include <limits>

#include "agent/events/chain.hpp"
#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

TimePoint time_from(std::uint64_t milliseconds) {
  return TimePoint(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
}

std::uint64_t stored(TimePoint time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }

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

void fill(Stored& out, const Statement& row) {
  int column = 0;
  out.sequence = row.integer_at(column++);
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
  out.erased = !row.null_at(kEventShape.erased());
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

/// Keeps all statements of one reading on the same moment of the store.
class Snapshot {
 public:
  explicit Snapshot(const Database& database) : database_(database), begun_(database.execute("BEGIN")) {}
  ~Snapshot() { (void)database_.execute("ROLLBACK"); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  [[nodiscard]] const Result<void>& begun() const { return begun_; }

 private:
  const Database& database_;  // the caller's, which outlives the block
  Result<void> begun_;
};

}  // namespace

Result<void> read_events(const Database& database, std::string_view device, const Filter& filter,
                         const std::function<void(const Stored&)>& row) {
  const Snapshot snapshot(database);
  if (!snapshot.begun()) return snapshot.begun();
  auto reports = database.prepare(sql::kReportsOfEvent);
  if (!reports) return tl::unexpected(std::move(reports).error());
  auto events = database.prepare(filter.newest_first ? sql::kEventsNewestFirst : sql::kEventsOldestFirst);
  if (!events) return tl::unexpected(std::move(events).error());
  events->integer(stored(filter.since.value_or(TimePoint::min())))
      .integer(stored(filter.until.value_or(TimePoint::max())))
      .text(filter.person)
      .text(filter.category)
      .text(filter.risk)
      .text(filter.severity)
      .integer(filter.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : filter.limit);  // -1 to SQLite: all
  Stored current;
  current.device = device;
  for (;;) {
    const auto found = events->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    fill(current, *events);
    if (auto read = read_reports(*reports, current); !read) return read;
    row(current);
  }
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
  Stored out;
  out.device = device;
  fill(out, *events);
  if (auto read = read_reports(*reports, out); !read) return tl::unexpected(std::move(read).error());
  return out;
}

Result<std::vector<std::uint64_t>> read_expired(const Database& database, const rules::catalog::Retention& retention,
                                                TimePoint now) {
  auto rows = database.prepare(sql::kExpired);
  if (!rows) return tl::unexpected(std::move(rows).error());
  for (const std::chrono::days kept :
       {retention.observed, retention.low, retention.medium, retention.high, retention.critical})
    rows->integer(stored(now - kept));
  std::vector<std::uint64_t> out;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(rows->integer_at(0));
  }
}

}  // namespace fairlead::agent::events
