#include "agent/events/writer.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

constexpr auto kFile = "events.db";
constexpr auto kLog = "events.db-wal";
constexpr std::uint64_t kReportsAnEvent = 20;
constexpr int kLogPages = 256;  // 1 MiB, then it is moved into the file

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::broken_store, Side::local, "events.db: " + std::string(what));
}

Digest digest_of(std::string_view bytes) {
  Digest out;
  std::copy_n(bytes.begin(), std::min(bytes.size(), out.bytes.size()), out.bytes.begin());
  return out;
}

}  // namespace

Result<Writer> Writer::open(const std::filesystem::path& folder, Device& device) {
  auto database = Database::open_to_write(folder / kFile);
  Result<void> ready;
  if (database) ready = database->execute(sql::kPrepareToWrite);
  if (!database || !ready) {
    Error error = database ? std::move(ready).error() : std::move(database).error();
    error.context.insert(0, "events.db: ");
    return tl::unexpected(std::move(error));
  }
  Writer writer(std::move(*database), device);
  writer.file_ = folder / kFile;
  writer.log_ = folder / kLog;
  if (auto begun = writer.begin(); !begun) return tl::unexpected(std::move(begun).error());
  return writer;
}

Result<void> Writer::begin() {
  const auto version = database_.number(sql::kVersion);
  if (!version) return tl::unexpected(version.error());
  if (*version > 1) return damaged("it was made by a newer version of this program");
  if (*version == 0) {
    // The epoch is raised on disk first: a crash in between skips one, and no key is ever used twice.
    if (auto moved = device_->move(device_->epoch() + 1, 0); !moved) return moved;
    if (auto made = make_tables(); !made) return made;
    return prepare_statements();
  }
  auto head = read_head();
  if (!head) return tl::unexpected(std::move(head).error());
  head_ = *head;
  const bool put_back =
      head_.epoch < device_->epoch() || (head_.epoch == device_->epoch() && head_.events.sequence < device_->reached());
  const std::uint64_t epoch = put_back ? device_->epoch() + 1 : head_.epoch;
  if (auto moved = device_->move(epoch, head_.events.sequence); !moved) return moved;
  head_.epoch = epoch;
  return prepare_statements();
}

Result<void> Writer::make_tables() {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  if (auto made = database_.execute(sql::kSchema); !made) return made;
  head_.epoch = device_->epoch();
  head_.events = first_link(hasher_, kEventShape, device_->key());
  head_.reports = first_link(hasher_, kReportShape, device_->key());
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
  head.events = {row->integer_at(1), digest_of(row->bytes_at(2))};
  head.reports = {row->integer_at(3), digest_of(row->bytes_at(4))};
  head.counters = row->integer_at(5);
  if (!device_->key().signed_by_us(head_message(hasher_, head), row->bytes_at(6)))
    return damaged("the signed head is not this device's");
  // A head that is signed anew over rows that somebody cut or rewrote would make the change look like ours.
  const auto events = last_link(kEventShape, sql::kLastEvent);
  if (!events) return tl::unexpected(events.error());
  const auto reports = last_link(kReportShape, sql::kLastReport);
  if (!reports) return tl::unexpected(reports.error());
  if (*events != head.events || *reports != head.reports)
    return damaged("the last rows are not those that were signed");
  return head;
}

Result<Link> Writer::last_link(const Shape& shape, std::string_view sql) {
  auto row = database_.prepare(sql);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return first_link(hasher_, shape, device_->key());
  return Link{row->integer_at(0), digest_of(row->bytes_at(1))};
}

Result<void> Writer::prepare_statements() {
  auto event = database_.prepare(sql::kInsertEvent);
  if (!event) return tl::unexpected(std::move(event).error());
  auto report = database_.prepare(sql::kInsertReport);
  if (!report) return tl::unexpected(std::move(report).error());
  auto head = database_.prepare(sql::kWriteHead);
  if (!head) return tl::unexpected(std::move(head).error());
  statements_ = std::make_unique<Statements>(Statements{std::move(*event), std::move(*report), std::move(*head)});
  return {};
}

/// A file that was deleted can still be written on some systems, and everything in it goes when it is closed.
Result<void> Writer::still_there() const {
  std::error_code error;
  if (std::filesystem::exists(file_, error) && std::filesystem::exists(log_, error)) return {};
  return fail(Errc::denied, Side::local, "events.db was taken away while in use");
}

Result<void> Writer::append(std::span<const Event* const> events, const Counters& counters) {
  if (auto there = still_there(); !there) return there;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  Head head = head_;
  for (const Event* event : events) {
    const Row row = row_of(*event, head.events.sequence + 1, head.epoch);
    if (auto added = add_row(kEventShape, statements_->insert_event, head.events, row); !added) return added;
  }
  if (auto added = add_counters(counters, head); !added) return added;
  if (auto written = write_head(head); !written) return written;
  if (auto committed = transaction->commit(); !committed) return committed;
  head_ = head;
  return {};
}

Result<void> Writer::append(const Report& report) {
  if (auto there = still_there(); !there) return there;
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  std::uint64_t event = 0;
  {
    auto own = database_.prepare(sql::kOwnEvent);
    if (!own) return tl::unexpected(std::move(own).error());
    const auto found = own->text(report.event_id).text(report.person).step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(Errc::not_found, Side::client, "there is no such event of this person");
    event = own->integer_at(0);
  }
  {
    auto count = database_.prepare(sql::kCountReports);
    if (!count) return tl::unexpected(std::move(count).error());
    const auto counted = count->integer(event).step();
    if (!counted) return tl::unexpected(counted.error());
    if (count->integer_at(0) >= kReportsAnEvent)
      return fail(Errc::refused, Side::client, "this event has as many reports as it can hold");
  }
  Head head = head_;
  const Row row = row_of(report, head.reports.sequence + 1, head.epoch, event);
  if (auto added = add_row(kReportShape, statements_->insert_report, head.reports, row); !added) return added;
  if (auto written = write_head(head); !written) return written;
  if (auto committed = transaction->commit(); !committed) return committed;
  head_ = head;
  return {};
}

Result<bool> Writer::has(const Event& event) {
  auto row = database_.prepare(sql::kHasEvent);
  if (!row) return tl::unexpected(std::move(row).error());
  return row->text(event.id).integer(static_cast<std::uint64_t>(event.time.time_since_epoch().count())).step();
}

Result<void> Writer::add_row(const Shape& shape, Statement& insert, Link& link, const Row& row) {
  std::array<char, kSaltSize> random{};
  fill_random(random);
  const std::string_view salt(random.data(), random.size());
  const Digest committed = commitment(hasher_, shape, salt, row.personal);
  const Digest digest = row_digest(hasher_, shape, link, row, committed.view());
  const Digest seal = device_->key().proof(seal_message(hasher_, shape, digest.view()));
  for (const std::uint64_t number : row.numbers) insert.integer(number);
  for (const std::string_view text : row.texts) insert.text(text);
  for (const std::string_view text : row.personal) insert.text(text);
  insert.bytes(salt).bytes(committed.view()).bytes(digest.view()).bytes(seal.view());
  if (auto inserted = insert.run(); !inserted) return inserted;
  link = {row.numbers.front(), digest};
  return {};
}

Result<void> Writer::add_counters(const Counters& counters, Head& head) {
  if (counters.empty()) return {};
  auto read = database_.prepare(sql::kReadCounter);
  if (!read) return tl::unexpected(std::move(read).error());
  auto write = database_.prepare(sql::kWriteCounter);
  if (!write) return tl::unexpected(std::move(write).error());
  for (const auto& [key, more] : counters) {
    const auto day = static_cast<std::uint64_t>(std::get<0>(key));
    const auto& [_, category, group] = key;
    const auto found = read->integer(day).text(category).text(group).step();
    if (!found) return tl::unexpected(found.error());
    const std::uint64_t count = (*found ? read->integer_at(0) : 0) + more;
    if (!*found) ++head.counters;
    read->reset();
    const Digest proof = device_->key().proof(counter_message(hasher_, day, category, group, count));
    auto written = write->integer(day).text(category).text(group).integer(count).bytes(proof.view()).run();
    if (!written) return written;
  }
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
        .integer(head.counters)
        .bytes(*signature)
        .run();
  };
  if (statements_) return fill(statements_->write_head);
  auto first = database_.prepare(sql::kWriteHead);
  if (!first) return tl::unexpected(std::move(first).error());
  return fill(*first);
}

Result<void> Writer::erase(std::span<const std::uint64_t> sequences) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  auto digest = database_.prepare(sql::kEventDigest);
  if (!digest) return tl::unexpected(std::move(digest).error());
  auto event = database_.prepare(sql::kEraseEvent);
  if (!event) return tl::unexpected(std::move(event).error());
  auto reports = database_.prepare(sql::kReportDigests);
  if (!reports) return tl::unexpected(std::move(reports).error());
  auto report = database_.prepare(sql::kEraseReport);
  if (!report) return tl::unexpected(std::move(report).error());
  for (const std::uint64_t sequence : sequences) {
    const auto found = digest->integer(sequence).step();
    if (!found) return tl::unexpected(found.error());
    const std::string value(digest->bytes_at(0));
    digest->reset();
    if (!*found) continue;
    if (auto erased = erase_row(kEventShape, *event, sequence, value); !erased) return erased;
    std::vector<std::pair<std::uint64_t, std::string>> attached;
    reports->integer(sequence);
    for (;;) {
      const auto row = reports->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      attached.emplace_back(reports->integer_at(0), reports->bytes_at(1));
    }
    reports->reset();
    for (const auto& [number, bytes] : attached) {
      if (auto erased = erase_row(kReportShape, *report, number, bytes); !erased) return erased;
    }
  }
  return transaction->commit();
}

Result<void> Writer::erase_row(const Shape& shape, Statement& update, std::uint64_t sequence, std::string_view digest) {
  const Digest proof = device_->key().proof(erasure_message(hasher_, shape, digest));
  return update.bytes(proof.view()).integer(sequence).run();
}

Result<void> Writer::drop_counters_before(std::int64_t day) {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  auto drop = database_.prepare(sql::kDeleteCounters);
  if (!drop) return tl::unexpected(std::move(drop).error());
  if (auto dropped = drop->integer(static_cast<std::uint64_t>(day)).run(); !dropped) return dropped;
  Head head = head_;
  head.counters -= database_.changes();
  if (auto written = write_head(head); !written) return written;
  if (auto committed = transaction->commit(); !committed) return committed;
  head_ = head;
  return {};
}

bool Writer::checkpoint(bool erased) {
  return (!erased && database_.log_pages() <= kLogPages) || database_.checkpoint(erased);
}

Result<void> Writer::leave() { return device_->move(head_.epoch, head_.events.sequence); }

}  // namespace fairlead::agent::events
