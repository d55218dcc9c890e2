// Brings a store of version 1 up to date: events are given their incidents, entries can be written. Every row is
// checked on the way and keeps its place in the chain, its salt, commitment and digest; the seal is made anew, because
// it covers the incident. A store in which somebody changed a row is not brought up to date: it is evidence, and is set
// aside.

#include <string>

#include "agent/events/reader.hpp"
#include "agent/events/row_check.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/writer.hpp"

namespace fairlead::agent::events {
namespace {

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::broken_store, Side::local, "events.db: " + std::string(what));
}

}  // namespace

Result<void> Writer::bring_up_to_date() {
  auto transaction = Transaction::begin(database_);
  if (!transaction) return tl::unexpected(std::move(transaction).error());
  const auto old_head = read_old_head();
  if (!old_head) return tl::unexpected(old_head.error());
  for (const char* sql : {sql::kSetOldAside, sql::kSchema, sql::kFirstRows, sql::kCopyOld}) {
    if (auto done = database_.execute(sql); !done) return done;
  }
  head_ = *old_head;
  if (auto prepared = prepare(); !prepared) return prepared;
  moved_ = clock_ = {};
  Link link = first_link(hasher_, kEventShape, device_->key().public_key());
  Sums sums;
  {
    auto rows = database_.prepare(sql::kOldEvents);
    if (!rows) return tl::unexpected(std::move(rows).error());
    for (;;) {
      const auto row = rows->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      if (auto copied = copy_old_event(*rows, link, sums); !copied) return copied;
    }
  }
  if (link != old_head->events) return damaged("the last rows are not those that were signed");
  if (auto checked = check_old_reports(old_head->reports); !checked) return checked;
  if (auto checked = check_old_counters(old_head->counters); !checked) return checked;
  if (link.sequence != 0) {
    if (auto written = write_sums(sums); !written) return written;
  }
  if (auto counted = count_reports(); !counted) return counted;
  if (auto dropped = database_.execute(sql::kDropOld); !dropped) return dropped;
  head_.entries = first_link(hasher_, kEntryShape, device_->key().public_key());
  if (auto written = write_head(head_); !written) return written;
  lookup_.reset();  // prepared anew by whoever called
  incidents_.reset();
  statements_.reset();
  return transaction->commit();
}

Result<Head> Writer::read_old_head() {
  auto row = database_.prepare(sql::kOldHead);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return damaged("the signed head is missing");
  Head head;
  head.epoch = row->integer_at(0);
  head.events = {row->integer_at(1), digest_from(row->bytes_at(2))};
  head.reports = {row->integer_at(3), digest_from(row->bytes_at(4))};
  head.counters = row->integer_at(5);
  if (!device_->key().signed_by_us(old_head_message(hasher_, head), row->bytes_at(6)))
    return damaged("the signed head is not this device's");
  return head;
}

Result<void> Writer::copy_old_event(const Statement& row, Link& link, Sums& sums) {
  const Checked checked = check_row(hasher_, device_->key(), kEventShape, Sealed::digest, row, link);
  if (!checked.bad.empty()) return damaged(checked.bad);
  const Stored old = stored_at(row);
  const auto numbers = numbers_of(old.event);
  if (!numbers) return tl::unexpected(numbers.error());
  const auto placed = place(old.event, *numbers, old.sequence, checked.erased, sums);
  if (!placed) return tl::unexpected(placed.error());
  const std::string_view digest = row.bytes_at(kEventShape.digest());
  const Digest seal = device_->key().proof(event_seal_message(hasher_, digest, placed->incident, placed->marks()));
  Statement& insert = statements_->insert_event;
  insert.integer(old.sequence).integer(old.epoch).integer(row.integer_at(2)).text(old.event.id);
  insert.integer(numbers->of_class).integer(numbers->origin).integer(placed->incident).integer(placed->marks());
  if (checked.erased) {
    for (int i = 0; i < kEventShape.personal + 1; ++i) insert.null();
  } else {
    insert.integer(numbers->person).integer(numbers->host).text(old.event.url).text(old.event.words);
    insert.text(old.event.span).text(old.event.losers).bytes(row.bytes_at(kEventShape.salt()));
  }
  insert.bytes(row.bytes_at(kEventShape.commitment())).bytes(digest).bytes(seal.view());
  if (checked.erased) {
    insert.bytes(row.bytes_at(kEventShape.erased()));
  } else {
    insert.null();
  }
  return insert.run();
}

/// Reports and counters stand in the new tables as they were.
Result<void> Writer::check_old_reports(const Link& signed_end) {
  Link link = first_link(hasher_, kReportShape, device_->key().public_key());
  auto rows = database_.prepare(sql::kAllReports);
  if (!rows) return tl::unexpected(std::move(rows).error());
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const Checked checked = check_row(hasher_, device_->key(), kReportShape, Sealed::digest, *rows, link);
    if (!checked.bad.empty()) return damaged(checked.bad);
  }
  if (link != signed_end) return damaged("the last reports are not those that were signed");
  return {};
}

Result<void> Writer::check_old_counters(std::uint64_t signed_count) {
  auto rows = database_.prepare(sql::kAllCounters);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::uint64_t count = 0;
  for (;; ++count) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (!is_proved(hasher_, device_->key(), *rows)) return damaged("a counter was changed");
  }
  if (count != signed_count) return damaged("the counters are not those that were signed");
  return {};
}

Result<void> Writer::count_reports() {
  auto rows = database_.prepare(sql::kReportsOfIncidents);
  if (!rows) return tl::unexpected(std::move(rows).error());
  auto tell = database_.prepare(sql::kReportIncident);
  if (!tell) return tl::unexpected(std::move(tell).error());
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    if (auto told = tell->integer(rows->integer_at(1)).integer(rows->integer_at(0)).run(); !told) return told;
  }
}

}  // namespace fairlead::agent::events
