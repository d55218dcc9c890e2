#include "agent/hub/keeping.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "agent/hub/keeping_sql.hpp"
#include "agent/hub/parts.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using rules::catalog::Retention;

constexpr auto kClocksApart = std::chrono::minutes(5);

/// The first day of each kind that is kept still: all of the day before lies further back than its time.
Row first_days(const Retention& retention, Now now) {
  Row out;
  for (const auto kept : days_of(retention)) out.emplace_back(events::day_of(now - kept));
  return out;
}

Result<void> run(Connection& connection, std::string_view sql, const Row& parameters) {
  const auto done = connection.run(sql, parameters);
  if (!done) return tl::unexpected(done.error());
  return {};
}

/// From here on statements may be long, but wait little for each other.
Result<void> take_time(Connection& connection) {
  return connection.dialect() == Dialect::postgres ? connection.execute(sql::postgres::kWaitLittle) : Result<void>();
}

/// What stands beside the parts: incidents without an event, and the names that only those bore.
Result<void> drop_beside(Connection& connection, const Row& first, const Retention& retention, Now now) {
  const std::pair<std::string_view, Row> steps[] = {
      {sql::kForgetIncidents, first},
      {sql::kDropOldReports, {column_of(now - retention.longest())}},
      {sql::kDropEntries, {column_of(now)}},
      {sql::kDropIncidents, {column_of(now - kCountsKept)}},
      {sql::kDropHostsOfIncidents, {}},
      // Whatever is being taken today may have been given its number yesterday.
      {sql::kDropHosts, {events::day_of(now) - 1}},
      {sql::kDropPeople, first},
      {sql::kDropTotals, {events::day_of(now - kCountsKept)}},
      {sql::kDropNotes, {column_of(now - kCountsKept)}},
      {sql::kDropExceptions, {column_of(now - kCountsKept)}},
      {sql::kDropErasures, {column_of(now - kCountsKept)}}};
  for (const auto& [sql, parameters] : steps) {
    if (auto done = run(connection, sql, parameters); !done) return done;
  }
  return {};
}

/// The one file of SQLite.
Result<std::uint64_t> rewrite_file(Connection& connection) {
  const auto wanted = connection.run(sql::kToRewrite, {});
  if (!wanted) return tl::unexpected(wanted.error());
  if (wanted->empty()) return 0;
  if (auto done = connection.execute(sql::sqlite::kWriteAnew); !done) return tl::unexpected(std::move(done).error());
  const auto emptied = connection.run(sql::sqlite::kEmptyLog, {});
  if (!emptied) return tl::unexpected(emptied.error());
  if (number_at(emptied->front(), 0) != 0) return 0;  // somebody is reading the log
  if (auto noted = run(connection, sql::sqlite::kAllPartsRewritten, {}); !noted)
    return tl::unexpected(std::move(noted).error());
  if (auto noted = run(connection, sql::kRewritten, wanted->front()); !noted)
    return tl::unexpected(std::move(noted).error());
  return 1;
}

/// Nothing (false) where somebody is in the way.
Result<bool> rewrite_table(Connection& connection, const std::string& table) {
  auto done = connection.execute("VACUUM (FULL) " + table);
  if (done) return true;
  if (done.error().code == Errc::timed_out) return false;
  return tl::unexpected(std::move(done).error());
}

Result<std::uint64_t> rewrite_tables(Connection& connection) {
  std::uint64_t out = 0;
  const auto parts = connection.run(sql::kPartsToRewrite, {});
  if (!parts) return tl::unexpected(parts.error());
  for (const Row& part : *parts) {
    const auto written = rewrite_table(connection, table_of(text_at(part, 0), number_at(part, 1)));
    if (!written) return tl::unexpected(written.error());
    if (!*written) continue;
    if (auto noted = run(connection, sql::kPartRewritten, part); !noted)
      return tl::unexpected(std::move(noted).error());
    ++out;
  }
  const auto wanted = connection.run(sql::kToRewrite, {});
  if (!wanted) return tl::unexpected(wanted.error());
  if (wanted->empty()) return out;
  for (const std::string table : {"people", "hosts", "reports", "entries", "notices", "incidents", "incident_hosts"}) {
    const auto written = rewrite_table(connection, table);
    if (!written) return tl::unexpected(written.error());
    if (!*written) return out;
    ++out;
  }
  if (auto noted = run(connection, sql::kRewritten, wanted->front()); !noted)
    return tl::unexpected(std::move(noted).error());
  return out;
}

}  // namespace

KeptDays days_of(const Retention& retention) {
  return {retention.observed, retention.low, retention.medium, retention.high, retention.critical};
}

Result<Retention> kept_for(Connection& connection) {
  const auto rows = connection.run(sql::kKeptFor, {});
  if (!rows) return tl::unexpected(rows.error());
  const auto days = [&](std::size_t column) { return std::chrono::days(number_at(rows->front(), column)); };
  Retention out;
  out.observed = days(0);
  out.low = days(1);
  out.medium = days(2);
  out.high = days(3);
  out.critical = days(4);
  return out;
}

Result<void> keep_for(Connection& connection, const Retention& retention) {
  Row days;
  for (const auto kept : days_of(retention)) days.emplace_back(std::int64_t{kept.count()});
  return run(connection, sql::kKeepFor, days);
}

Result<StoreClock> read_clock(Connection& connection) {
  const auto rows = connection.run(sql::kClock, {});
  if (!rows) return tl::unexpected(rows.error());
  return StoreClock{time_at(rows->front(), 0), std::chrono::milliseconds(number_at(rows->front(), 1))};
}

Result<void> write_clock(Connection& connection, const StoreClock& clock) {
  return run(connection, sql::kSetClock, {column_of(clock.believed), std::int64_t{clock.doubted_for.count()}});
}

Result<bool> agrees_with_database(Connection& connection, Now now) {
  if (connection.dialect() == Dialect::sqlite) return true;
  const auto rows = connection.run(sql::postgres::kNow, {});
  if (!rows) return tl::unexpected(rows.error());
  return std::chrono::abs(time_at(rows->front(), 0) - now) <= kClocksApart;
}

Result<std::uint64_t> drop_expired(Connection& connection, Now now) {
  if (auto ready = take_time(connection); !ready) return tl::unexpected(std::move(ready).error());
  const auto retention = kept_for(connection);
  if (!retention) return tl::unexpected(retention.error());
  const Row first = first_days(*retention, now);
  Parts parts(connection);
  std::uint64_t dropped = 0;
  for (std::size_t kept = 0; kept < kKept.size(); ++kept) {
    const auto past = connection.run(sql::kPartsBefore, {std::string(kKept.at(kept)), first.at(kept)});
    if (!past) return tl::unexpected(past.error());
    for (const Row& row : *past) {
      if (auto done = parts.drop({kept, number_at(row, 0)}); !done) return tl::unexpected(std::move(done).error());
      ++dropped;
    }
  }
  if (auto done = drop_beside(connection, first, *retention, now); !done)
    return tl::unexpected(std::move(done).error());
  // A part of SQLite is no file of its own: what was in it stands in the one file until that is written anew.
  if (dropped > 0 && connection.dialect() == Dialect::sqlite) {
    if (auto marked = run(connection, sql::kRewrite, {}); !marked) return tl::unexpected(std::move(marked).error());
  }
  return dropped;
}

Result<std::uint64_t> rewrite_files(Connection& connection) {
  if (auto ready = take_time(connection); !ready) return tl::unexpected(std::move(ready).error());
  return connection.dialect() == Dialect::sqlite ? rewrite_file(connection) : rewrite_tables(connection);
}

}  // namespace fairlead::agent::hub
