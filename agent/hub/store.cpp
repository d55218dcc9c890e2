#include "agent/hub/store.hpp"

#include <algorithm>
#include <utility>

#include "agent/events/digest.hpp"
#include "agent/hub/sql.hpp"

namespace fairlead::agent::hub {
namespace {

using exchange::Batch;
using exchange::Range;
using exchange::Receipt;

constexpr std::int64_t kTables = 1;

std::int64_t column_of(Now time) { return time.time_since_epoch().count(); }
std::int64_t column_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }
Now time_at(const Row& row, std::size_t column) {
  return Now(std::chrono::milliseconds(std::get<std::int64_t>(row[column])));
}
std::int64_t number_at(const Row& row, std::size_t column) { return std::get<std::int64_t>(row[column]); }
std::uint64_t count_at(const Row& row, std::size_t column) {
  return static_cast<std::uint64_t>(number_at(row, column));
}
const std::string& text_at(const Row& row, std::size_t column) { return std::get<std::string>(row[column]); }

/// A code is long and random, so its digest needs no salt.
Bytes digest_of(std::string_view code) {
  return {std::string(events::Hasher().add("fairlead enrolment code 1").add(code).finish().view())};
}

Device device_from(const Row& row) {
  return {count_at(row, 0), text_at(row, 1), text_at(row, 2),        text_at(row, 3),
          time_at(row, 4),  time_at(row, 5), number_at(row, 6) != 0, text_at(row, 7)};
}

Row row_from(const events::Stored& stored, std::uint64_t device, Now now) {
  const events::Event& event = stored.event;
  Row out{column_of(device),
          column_of(stored.epoch),
          column_of(stored.sequence),
          events::day_of(event.time),
          column_of(event.time),
          column_of(now),
          Bytes{stored.digest},
          std::int64_t{stored.erased},
          event.id,
          std::string(to_string(event.kind)),
          event.found,
          event.group,
          event.method,
          std::string(to_string(event.navigation))};
  for (const std::string* text : {&event.navigation_sign, &event.category, &event.risk, &event.severity, &event.review,
                                  &event.rule, &event.source, &event.level, &event.ruleset_id, &event.policy_version,
                                  &event.person, &event.url, &event.host, &event.words, &event.span, &event.losers})
    out.emplace_back(*text);
  return out;
}

}  // namespace

std::string_view to_string(Redeemed redeemed) {
  switch (redeemed) {
    case Redeemed::yes:
      return "enrolled";
    case Redeemed::unknown:
      return "no such code";
    case Redeemed::used_up:
      return "code used up";
    case Redeemed::expired:
      return "code expired";
    case Redeemed::revoked:
      return "device revoked";
  }
  return "no such code";
}

std::string_view Store::in(std::string_view sqlite, std::string_view postgres) const {
  return connection_->dialect() == Dialect::sqlite ? sqlite : postgres;
}

Result<std::unique_ptr<Store>> Store::open(const std::string& place) {
  auto connection = connect(place);
  if (!connection) return tl::unexpected(std::move(connection).error());
  std::unique_ptr<Store> store(new Store(std::move(*connection)));
  if (auto made = store->make_tables(); !made) return tl::unexpected(std::move(made).error());
  return store;
}

Result<void> Store::make_tables() {
  return in_transaction([&]() -> Result<void> {
    if (connection_->dialect() == Dialect::postgres) {
      if (auto locked = connection_->run(sql::postgres::kLockTables, {}); !locked)
        return tl::unexpected(locked.error());
    }
    const auto there = connection_->run(in(sql::sqlite::kHasTables, sql::postgres::kHasTables), {});
    if (!there) return tl::unexpected(there.error());
    if (number_at(there->front(), 0) == 0)
      return connection_->execute(in(sql::sqlite::kTables, sql::postgres::kTables));
    const auto version = connection_->run(sql::kVersion, {});
    if (!version) return tl::unexpected(version.error());
    if (version->size() != 1 || number_at(version->front(), 0) != kTables)
      return fail(Errc::bad_file, Side::local, "the hub's tables are of another version of this program");
    return {};
  });
}

Result<void> Store::in_transaction(const std::function<Result<void>()>& task) {
  if (auto begun = connection_->execute(in(sql::sqlite::kBegin, sql::postgres::kBegin)); !begun) return begun;
  auto done = task();
  if (done) done = connection_->execute(sql::kCommit);
  if (!done) static_cast<void>(connection_->execute(sql::kRollback));  // the first error counts
  return done;
}

Result<void> Store::add_code(std::string_view code, const std::string& group, std::uint64_t uses, Now expires,
                             Now now) {
  const auto done =
      connection_->run(sql::kAddCode, {digest_of(code), group, column_of(uses), column_of(expires), column_of(now)});
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<Redeemed> Store::redeem(std::string_view code, const std::string& device, const std::string& name, Now now) {
  Redeemed out = Redeemed::unknown;
  const Bytes digest = digest_of(code);
  const auto done = in_transaction([&]() -> Result<void> {
    const auto known = this->device(device);
    if (!known) return tl::unexpected(known.error());
    const auto found = connection_->run(sql::kCode, {digest});
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) return {};
    if (*known && (*known)->revoked) {
      out = Redeemed::revoked;
      return {};
    }
    if (time_at(found->front(), 1) < now) {
      out = Redeemed::expired;
      return {};
    }
    const auto first = connection_->run(sql::kRedeem, {digest, device, column_of(now)});
    if (!first) return tl::unexpected(first.error());
    if (!first->empty()) {
      const auto used = connection_->run(sql::kUseCode, {digest});
      if (!used) return tl::unexpected(used.error());
      if (used->empty()) {
        out = Redeemed::used_up;
        return fail(Errc::refused, Side::client, "the code is used up");  // takes the line in `redeemed` back
      }
    }
    const auto added =
        connection_->run(sql::kAddDevice, {device, text_at(found->front(), 0), name, column_of(now), column_of(now)});
    if (!added) return tl::unexpected(added.error());
    out = Redeemed::yes;
    return {};
  });
  if (!done && out != Redeemed::used_up) return tl::unexpected(done.error());
  return out;
}

Result<std::optional<Device>> Store::device(const std::string& id) {
  const auto rows = connection_->run(sql::kDevice, {id});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return device_from(rows->front());
}

Result<std::vector<Device>> Store::devices() {
  const auto rows = connection_->run(sql::kDevices, {});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Device> out;
  for (const Row& row : *rows) out.push_back(device_from(row));
  return out;
}

Result<void> Store::revoke(const std::string& id, Now now) {
  const auto rows = connection_->run(sql::kRevoke, {column_of(now), id});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return fail(Errc::not_found, Side::client, "there is no such device");
  return {};
}

Result<void> Store::tell_health(const std::string& id, const std::string& health, Now now) {
  const auto done = connection_->run(sql::kHealth, {column_of(now), health, id});
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> Store::note(const Note& note) {
  const auto done =
      connection_->run(sql::kNote, {column_of(note.time), note.device, note.address, note.what, note.detail});
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<std::vector<Note>> Store::notes(std::size_t limit) {
  const auto rows = connection_->run(sql::kNotes, {column_of(limit)});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Note> out;
  for (const Row& row : *rows)
    out.push_back({time_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3), text_at(row, 4)});
  return out;
}

Result<std::uint64_t> Store::count_events() {
  const auto rows = connection_->run(sql::kCountEvents, {});
  if (!rows) return tl::unexpected(rows.error());
  return count_at(rows->front(), 0);
}

Result<Store::Stream> Store::lock_stream(std::int64_t device, const Batch& batch) {
  const std::int64_t epoch = column_of(batch.epoch), before_first = column_of(batch.first - 1);
  if (auto begun = connection_->run(sql::kBeginStream, {device, epoch, before_first, before_first}); !begun)
    return tl::unexpected(begun.error());
  const auto row = connection_->run(in(sql::sqlite::kLockStream, sql::postgres::kLockStream), {device, epoch});
  if (!row) return tl::unexpected(row.error());
  return Stream{device, epoch, count_at(row->front(), 0), count_at(row->front(), 1)};
}

Result<bool> Store::agrees(const std::optional<exchange::Mark>& mark, const Stream& stream) {
  if (!mark || mark->sequence > stream.high) return true;
  const std::int64_t sequence = column_of(mark->sequence);
  const auto row = connection_->run(sql::kDigests, {stream.device, stream.epoch, sequence, sequence});
  if (!row) return tl::unexpected(row.error());
  return row->empty() || std::get<Bytes>(row->front()[1]).value == mark->digest;
}

Result<Store::Compared> Store::compare(const Batch& batch, const Stream& stream, Now now) {
  Compared out;
  Rows there;
  if (!batch.rows.empty() && batch.rows.front().sequence <= stream.high) {
    auto read = connection_->run(sql::kDigests, {stream.device, stream.epoch, column_of(batch.rows.front().sequence),
                                                 column_of(batch.rows.back().sequence)});
    if (!read) return tl::unexpected(std::move(read).error());
    there = std::move(*read);
  }
  auto known = there.begin();
  for (const events::Stored& row : batch.rows) {
    while (known != there.end() && count_at(*known, 0) < row.sequence) ++known;
    if (known == there.end() || count_at(*known, 0) != row.sequence) {
      out.fresh.push_back(row_from(row, static_cast<std::uint64_t>(stream.device), now));
    } else if (std::get<Bytes>((*known)[1]).value != row.digest) {
      out.differs_from = row.sequence;
      break;
    }
  }
  return out;
}

Result<Receipt> Store::advance(const Batch& batch, Stream stream) {
  Receipt out;
  if (stream.through == stream.high) {
    for (const events::Stored& row : batch.rows)
      if (row.sequence == stream.through + 1) ++stream.through;
  }
  if (!batch.rows.empty()) stream.high = std::max(stream.high, batch.rows.back().sequence);
  out.high = stream.high;
  if (stream.through != stream.high) {
    const auto gaps = connection_->run(sql::kGaps, {column_of(stream.through), stream.device, stream.epoch,
                                                    column_of(stream.through), column_of(exchange::kMostRanges)});
    if (!gaps) return tl::unexpected(gaps.error());
    for (const Row& gap : *gaps) out.missing.push_back({count_at(gap, 0), count_at(gap, 1)});
    stream.through = out.missing.empty() ? stream.high : out.missing.front().first - 1;
  }
  const auto moved = connection_->run(sql::kMoveStream,
                                      {column_of(stream.through), column_of(stream.high), stream.device, stream.epoch});
  if (!moved) return tl::unexpected(moved.error());
  return out;
}

Result<Receipt> Store::take(const Batch& batch, const Device& device, Now now) {
  Receipt out;
  const auto done = in_transaction([&]() -> Result<void> {
    const auto stream = lock_stream(column_of(device.number), batch);
    if (!stream) return tl::unexpected(stream.error());
    const auto agreed = agrees(batch.mark, *stream);
    if (!agreed) return tl::unexpected(agreed.error());
    if (!*agreed) {
      out.differs_from = batch.mark->sequence;
      return {};
    }
    const auto compared = compare(batch, *stream, now);
    if (!compared) return tl::unexpected(compared.error());
    out.differs_from = compared->differs_from;
    if (out.differs_from != 0) return {};
    if (auto added = connection_->add_rows(in(sql::sqlite::kAddEvent, sql::postgres::kAddEvents), compared->fresh);
        !added)
      return added;
    auto receipt = advance(batch, *stream);
    if (!receipt) return tl::unexpected(std::move(receipt).error());
    out = std::move(*receipt);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

}  // namespace fairlead::agent::hub
