#include "agent/events/writer.hpp"

#include <algorithm>
#include <utility>

#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

constexpr auto kFile = "events.db";
constexpr auto kLog = "events.db-wal";
constexpr int kLogPages = 256;  // 1 MiB, then it is moved into the file
/// Incidents of an epoch are numbered on from here, so that no number is given twice though a store was lost.
constexpr std::uint64_t kIncidentsAnEpoch = 1'000'000;

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::broken_store, Side::local, "events.db: " + std::string(what));
}

}  // namespace

Result<std::unique_ptr<Writer>> Writer::open(const std::filesystem::path& folder, Device& device) {
  auto database = Database::open_to_write(folder / kFile);
  Result<void> ready;
  if (database) ready = database->execute(sql::kPrepareToWrite);
  if (!database || !ready) {
    Error error = database ? std::move(ready).error() : std::move(database).error();
    error.context.insert(0, "events.db: ");
    return tl::unexpected(std::move(error));
  }
  std::unique_ptr<Writer> writer(new Writer(std::move(*database), device));
  writer->file_ = folder / kFile;
  writer->log_ = folder / kLog;
  if (auto begun = writer->begin(); !begun) return tl::unexpected(std::move(begun).error());
  return writer;
}

Result<void> Writer::begin() {
  const auto version = database_.number(sql::kVersion);
  if (!version) return tl::unexpected(version.error());
  if (*version > sql::kCurrentVersion) return damaged("it was made by a newer version of this program");
  if (*version == 0) {
    // The epoch is raised on disk first: a crash in between skips one, and no key is ever used twice.
    if (auto moved = device_->move(device_->epoch() + 1, 0); !moved) return moved;
    if (auto made = make_tables(); !made) return made;
    return prepare();
  }
  if (*version < sql::kCurrentVersion) {
    if (auto brought = bring_up_to_date(); !brought) return brought;
  }
  auto head = read_head();
  if (!head) return tl::unexpected(std::move(head).error());
  head_ = *head;
  const bool put_back =
      head_.epoch < device_->epoch() || (head_.epoch == device_->epoch() && head_.events.sequence < device_->reached());
  const std::uint64_t epoch = put_back ? device_->epoch() + 1 : head_.epoch;
  if (auto moved = device_->move(epoch, head_.events.sequence); !moved) return moved;
  head_.epoch = epoch;
  return prepare();
}

Result<void> Writer::make_tables() {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  if (auto made = database_.execute(sql::kSchema); !made) return made;
  if (auto filled = database_.execute(sql::kFirstRows); !filled) return filled;
  head_.epoch = device_->epoch();
  head_.events = first_link(hasher_, kEventShape, device_->key().public_key());
  head_.reports = first_link(hasher_, kReportShape, device_->key().public_key());
  head_.entries = first_link(hasher_, kEntryShape, device_->key().public_key());
  if (auto written = write_head(head_); !written) return written;
  return transaction->commit();
}

Result<Head> Writer::read_head() {
  auto row = database_.prepare(sql::kReadHead);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return damaged("the signed head is missing");
  Head head;
  head.epoch = row->integer_at(0);
  head.events = {row->integer_at(1), digest_from(row->bytes_at(2))};
  head.reports = {row->integer_at(3), digest_from(row->bytes_at(4))};
  head.entries = {row->integer_at(5), digest_from(row->bytes_at(6))};
  head.counters = row->integer_at(7);
  if (!device_->key().signed_by_us(head_message(hasher_, head), row->bytes_at(8)))
    return damaged("the signed head is not this device's");
  // A head that is signed anew over rows that somebody cut or rewrote would make the change look like ours.
  const std::tuple<const Shape&, std::string_view, const Link&> ends[] = {
      {kEventShape, sql::kLastEvent, head.events},
      {kReportShape, sql::kLastReport, head.reports},
      {kEntryShape, sql::kLastEntry, head.entries}};
  for (const auto& [shape, sql, signed_end] : ends) {
    const auto end = last_link(shape, sql);
    if (!end) return tl::unexpected(end.error());
    if (*end != signed_end) return damaged("the last rows are not those that were signed");
  }
  return head;
}

Result<Link> Writer::last_link(const Shape& shape, std::string_view sql) {
  auto row = database_.prepare(sql);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return first_link(hasher_, shape, device_->key().public_key());
  return Link{row->integer_at(0), digest_from(row->bytes_at(1))};
}

Result<void> Writer::prepare() {
  auto lookup = Lookup::open(database_, device_->key());
  if (!lookup) return tl::unexpected(std::move(lookup).error());
  lookup_.emplace(std::move(*lookup));
  auto incidents = IncidentsTable::open(database_, (head_.epoch - 1) * kIncidentsAnEpoch);
  if (!incidents) return tl::unexpected(std::move(incidents).error());
  incidents_.emplace(std::move(*incidents));
  std::vector<Statement> made;
  for (const std::string_view sql :
       {sql::kInsertEvent, sql::kInsertReport, sql::kInsertEntry, sql::kWriteHead, sql::kWriteClock, sql::kAddTotals}) {
    auto statement = database_.prepare(sql);
    if (!statement) return tl::unexpected(std::move(statement).error());
    made.push_back(std::move(*statement));
  }
  statements_.emplace(Statements{std::move(made[0]), std::move(made[1]), std::move(made[2]), std::move(made[3]),
                                 std::move(made[4]), std::move(made[5])});
  auto clock = database_.prepare(sql::kReadClock);
  if (!clock) return tl::unexpected(std::move(clock).error());
  const auto found = clock->step();
  if (!found) return tl::unexpected(found.error());
  clock_.time = time_from(clock->integer_at(0));
  clock_.lived = Lived(static_cast<std::int64_t>(clock->integer_at(1)));
  return {};
}

/// A file that was deleted can still be written on some systems, and everything in it goes when it is closed.
Result<void> Writer::still_there() const {
  std::error_code error;
  if (std::filesystem::exists(file_, error) && std::filesystem::exists(log_, error)) return {};
  return fail(Errc::denied, Side::local, "events.db was taken away while in use");
}

Result<void> Writer::in_transaction(const std::function<Result<void>(Head&)>& task) {
  if (auto there = still_there(); !there) return there;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  Head head = head_;
  moved_ = clock_;
  auto done = task(head);
  if (done) done = write_head(head);
  if (done) done = transaction->commit();
  if (!done) {
    lookup_->forget();
    { const auto rolled_back = std::move(*transaction); }
    (void)incidents_->refresh();
    return done;
  }
  head_ = head;
  clock_ = moved_;
  return {};
}

Result<void> Writer::write_head(const Head& head) {
  auto signature = device_->key().sign(head_message(hasher_, head));
  if (!signature) return tl::unexpected(std::move(signature).error());
  auto fill = [&](Statement& write) {
    return write.integer(head.epoch)
        .integer(head.events.sequence)
        .bytes(head.events.digest.view())
        .integer(head.reports.sequence)
        .bytes(head.reports.digest.view())
        .integer(head.entries.sequence)
        .bytes(head.entries.digest.view())
        .integer(head.counters)
        .bytes(*signature)
        .run();
  };
  if (statements_) return fill(statements_->write_head);
  auto first = database_.prepare(sql::kWriteHead);
  if (!first) return tl::unexpected(std::move(first).error());
  return fill(*first);
}

bool Writer::checkpoint(bool erased) {
  return (!erased && database_.log_pages() <= kLogPages) || database_.checkpoint(erased);
}

Result<void> Writer::leave() { return device_->move(head_.epoch, head_.events.sequence); }

}  // namespace fairlead::agent::events
