#include "agent/hub/book_intake.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/hub/book_sql.hpp"
#include "agent/hub/desk_sql.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/merged.hpp"
#include "agent/hub/parts.hpp"
#include "agent/hub/taking_sql.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using events::BookRow;
using events::Entry;
using events::Report;
using events::Table;
using exchange::BookBatch;
using nlohmann::json;

/// What is personal and about no incident that is here has an end all the same.
constexpr auto kKeptOtherwise = std::chrono::days(365);

const std::string& person_of(const BookRow& row) {
  if (const auto* report = std::get_if<Report>(&row.what)) return report->person;
  return std::get<Entry>(row.what).person;
}

/// A laptop wrote it because the hub told it to.
bool is_from_hub(const json& body) {
  return body.is_object() && body.value(std::string(exchange::kFromHub), json(false)) == json(true);
}

}  // namespace

Result<std::uint64_t> BookIntake::lock_stream(const BookBatch& batch, const Device& device) {
  const std::int64_t number = column_of(device.number), epoch = column_of(batch.epoch);
  const std::string part(to_string(batch.table));
  // An erasure that is under way has locked the device, and what begins now would not be seen by it.
  if (connection_.dialect() == Dialect::postgres) {
    if (auto waited = connection_.run(sql::postgres::kShareDevice, {number}); !waited)
      return tl::unexpected(waited.error());
  }
  if (auto begun = connection_.run(sql::kBeginBook, {number, epoch, part}); !begun)
    return tl::unexpected(begun.error());
  const auto row =
      connection_.run(in(connection_, sql::sqlite::kLockBook, sql::postgres::kLockBook), {number, epoch, part});
  if (!row) return tl::unexpected(row.error());
  return count_at(row->front(), 0);
}

Result<std::uint64_t> BookIntake::differs_from(const BookBatch& batch, const Device& device) {
  std::uint64_t from = batch.mark ? batch.mark->sequence : 0, to = from;
  if (!batch.rows.empty()) {
    from = from == 0 ? batch.rows.front().sequence : std::min(from, batch.rows.front().sequence);
    to = std::max(to, batch.rows.back().sequence);
  }
  const auto rows = connection_.run(batch.table == Table::reports ? sql::kReportDigests : sql::kEntryDigests,
                                    {column_of(device.number), column_of(batch.epoch), column_of(from), column_of(to)});
  if (!rows) return tl::unexpected(rows.error());
  std::unordered_map<std::uint64_t, std::string> there;
  for (const Row& row : *rows) there.emplace(count_at(row, 0), bytes_at(row, 1));
  const auto differs = [&](std::uint64_t sequence, const std::string& digest) {
    const auto found = there.find(sequence);
    return found != there.end() && found->second != digest;
  };
  if (batch.mark && differs(batch.mark->sequence, batch.mark->digest)) return batch.mark->sequence;
  for (const BookRow& row : batch.rows)
    if (differs(row.sequence, row.digest)) return row.sequence;
  return std::uint64_t{0};
}

Result<BookIntake::EventRow> BookIntake::row_of(const std::string& event, const Device& device) {
  if (event.empty()) return EventRow{};
  const auto rows = find_event(connection_, sql::kRowOfEvent, sql::kRowOfMerged, event, {column_of(device.number)});
  if (!rows) return tl::unexpected(rows.error());
  return rows->empty() ? EventRow{event, 0} : EventRow{text_at(rows->front(), 0), number_at(rows->front(), 1)};
}

Result<void> BookIntake::add_report(const BookBatch& batch, const BookRow& row, const Device& device,
                                    std::int64_t person, Now now) {
  const Report& report = std::get<Report>(row.what);
  const auto event = row_of(row.event, device);
  if (!event) return tl::unexpected(event.error());
  const auto added =
      connection_.run(sql::kAddReport, {column_of(device.number), column_of(batch.epoch), column_of(row.sequence),
                                        event->id, column_of(report.time), std::string(to_string(report.kind)), person,
                                        report.words, row.erased ? column_of(now) : 0, Bytes{row.digest}});
  if (!added) return tl::unexpected(added.error());
  const auto counted = connection_.run(sql::kCountReport, {column_of(moment_of(report.time, now)), event->incident});
  if (!counted) return tl::unexpected(counted.error());
  return {};
}

Result<void> BookIntake::add_entry(const BookBatch& batch, const BookRow& row, const Device& device,
                                   std::int64_t person, Now now) {
  const Entry& entry = std::get<Entry>(row.what);
  const json body = json::parse(entry.body, nullptr, false);
  if (is_from_hub(body)) return {};
  const auto event = row_of(row.event, device);
  if (!event) return tl::unexpected(event.error());
  const std::int64_t incident = event->incident;
  std::int64_t keep = entry.keep ? column_of(*entry.keep) : 0;
  const bool personal = !entry.person.empty() || !entry.actor.empty() || !entry.body.empty();
  // A laptop whose clock is behind says an end that is long over, of what it keeps itself.
  const bool over = keep != 0 && keep <= column_of(now) && !row.erased;
  if (over || (keep == 0 && incident == 0 && personal)) keep = column_of(now + kKeptOtherwise);
  const auto added = connection_.run(
      sql::kAddBookEntry,
      {column_of(device.number), column_of(batch.epoch), column_of(row.sequence), column_of(entry.time), incident, keep,
       entry.kind, entry.subject, entry.actor, person, entry.body, row.erased ? column_of(now) : 0, Bytes{row.digest}});
  if (!added) return tl::unexpected(added.error());
  const auto state =
      entry.kind == "review" && body.is_object() ? events::state_from(events::text_in(body, "state")) : std::nullopt;
  if (!state || incident == 0) return {};
  const auto reviewed = connection_.run(
      sql::kReviewIncident, {std::string(to_string(*state)), column_of(moment_of(entry.time, now)), incident});
  if (!reviewed) return tl::unexpected(reviewed.error());
  return {};
}

Result<exchange::Receipt> BookIntake::take(const BookBatch& batch, const Device& device, Now now) {
  exchange::Receipt out;
  const auto done = in_transaction(connection_, [&]() -> Result<void> {
    const auto high = lock_stream(batch, device);
    if (!high) return tl::unexpected(high.error());
    out.high = *high;
    const auto differs = differs_from(batch, device);
    if (!differs) return tl::unexpected(differs.error());
    out.differs_from = *differs;
    if (out.differs_from != 0) return {};
    const auto erased = erased_on(connection_, column_of(device.number));
    if (!erased) return tl::unexpected(erased.error());
    std::vector<BookRow> fresh;
    std::set<std::string> names;
    for (const BookRow& row : batch.rows) {
      if (row.sequence <= *high) continue;
      static_cast<void>(strip(fresh.emplace_back(row), *erased));
      if (!person_of(fresh.back()).empty()) names.insert(person_of(fresh.back()));
    }
    const auto people = lock_people(connection_, names, device, accounts_);
    if (!people) return tl::unexpected(people.error());
    for (const BookRow& row : fresh) {
      const auto person = people->find(person_of(row));
      const std::int64_t number = person == people->end() ? 0 : person->second.number;
      auto added = batch.table == Table::reports ? add_report(batch, row, device, number, now)
                                                 : add_entry(batch, row, device, number, now);
      if (!added) return added;
      out.high = row.sequence;
      ++out.fresh;
    }
    const auto moved = connection_.run(sql::kMoveBook, {column_of(out.high), column_of(device.number),
                                                        column_of(batch.epoch), std::string(to_string(batch.table))});
    if (!moved) return tl::unexpected(moved.error());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

}  // namespace fairlead::agent::hub
