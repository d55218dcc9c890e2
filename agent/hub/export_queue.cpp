#include "agent/hub/export_queue.hpp"

#include <utility>

#include "agent/events/digest.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/export_sql.hpp"
#include "agent/hub/sql.hpp"

namespace fairlead::agent::hub {
namespace {

constexpr std::size_t kIdDigits = 32;
constexpr std::size_t kDevice = 1, kEpoch = 2, kSequence = 3, kDigest = 4, kMoment = 5, kTaken = 6, kFirstText = 7;

/// Of this event alone, and the same each time. Nobody who has not its row learns from it which laptop it was.
std::string id_of(const Row& row) {
  const auto digest = events::Hasher()
                          .add("fairlead export 1")
                          .add(text_at(row, kDevice))
                          .add(count_at(row, kEpoch))
                          .add(count_at(row, kSequence))
                          .add(bytes_at(row, kDigest))
                          .finish();
  return events::hex(digest.view()).substr(0, kIdDigits);
}

siem::Record record_of(const Row& row) {
  using rules::catalog::SiemField;
  siem::Record out{id_of(row), time_at(row, kMoment), time_at(row, kTaken), {}};
  std::size_t column = kFirstText;
  for (const SiemField field : {SiemField::category, SiemField::risk, SiemField::severity, SiemField::action,
                                SiemField::group, SiemField::person, SiemField::host, SiemField::url})
    out.fields.at(static_cast<std::size_t>(field)) = text_at(row, column++);
  out.fields.at(static_cast<std::size_t>(SiemField::device)) = text_at(row, kDevice);
  out.fields.at(static_cast<std::size_t>(SiemField::count)) = std::to_string(count_at(row, column) + 1);
  return out;
}

}  // namespace

Result<void> ExportQueue::begin() {
  return in_transaction(connection_, [&]() -> Result<void> {
    if (connection_.dialect() == Dialect::postgres) {
      if (auto locked = connection_.run(sql::postgres::kLockTables, {}); !locked) return tl::unexpected(locked.error());
    }
    const auto there = connection_.run(in(connection_, sql::sqlite::kHasQueue, sql::postgres::kHasQueue), {});
    if (!there) return tl::unexpected(there.error());
    if (number_at(there->front(), 0) != 0) return {};
    return connection_.execute(in(connection_, sql::sqlite::kMakeQueue, sql::postgres::kMakeQueue));
  });
}

Result<void> ExportQueue::end() {
  return in_transaction(connection_, [&] {
    return connection_.execute(in(connection_, sql::sqlite::kDropQueue, sql::postgres::kDropQueue));
  });
}

Result<bool> ExportQueue::hold() {
  if (connection_.dialect() == Dialect::sqlite) return true;
  const auto held = connection_.run(sql::postgres::kHoldQueue, {});
  if (!held) return tl::unexpected(held.error());
  return number_at(held->front(), 0) != 0;
}

Result<ExportQueue::Waiting> ExportQueue::next(std::size_t most) {
  const auto rows =
      connection_.run(in(connection_, sql::sqlite::kQueued, sql::postgres::kQueued), {column_of(std::uint64_t{most})});
  if (!rows) return tl::unexpected(rows.error());
  Waiting out;
  for (const Row& row : *rows) {
    out.numbers.push_back(number_at(row, 0));
    if (!null_at(row, kEpoch)) out.records.push_back(record_of(row));
  }
  return out;
}

Result<void> ExportQueue::take_out(const std::vector<std::int64_t>& numbers) {
  std::vector<Row> rows;
  rows.reserve(numbers.size());
  for (const std::int64_t number : numbers) rows.push_back({number});
  return in_transaction(connection_, [&]() -> Result<void> {
    const auto done = connection_.run_for(in(connection_, sql::sqlite::kTakeOut, sql::postgres::kTakeOut), rows);
    if (!done) return tl::unexpected(done.error());
    return {};
  });
}

}  // namespace fairlead::agent::hub
