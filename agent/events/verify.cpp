#include "agent/events/verify.hpp"

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "agent/events/chain.hpp"
#include "agent/events/derived.hpp"
#include "agent/events/row_check.hpp"
#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

class Verifier {
 public:
  Verifier(const Database& database, const Device& device) : database_(database), device_(device) {}
  Result<Verified> run();

 private:
  struct Walked {
    Link end;
    std::uint64_t rows = 0, erased = 0;
  };
  Result<void> check_file();
  Result<void> check_schema();
  Result<Walked> walk(const Shape& shape, std::string_view sql);
  void note_row(const Shape& shape, const Statement& row, bool erased);
  Result<void> check_counters(std::uint64_t expected);
  Result<void> check_head(const Walked& events, const Walked& reports, const Walked& entries);
  Result<void> check_derived();
  void note_epoch(std::uint64_t sequence, std::uint64_t epoch);

  const Database& database_;
  const Device& device_;
  Hasher hasher_;
  Verified verified_;
  std::optional<std::string> bad_;
  std::uint64_t last_epoch_ = 0;
  Derived derived_;
};

Result<Verified> Verifier::run() {
  // One consistent moment, though the agent goes on writing.
  const Snapshot snapshot(database_);
  if (!snapshot.begun()) return tl::unexpected(snapshot.begun().error());
  const auto step = [&]() -> Result<void> {
    if (auto checked = check_schema(); !checked || bad_) return checked;
    Walked events;
    Walked reports;
    Walked entries;
    const std::tuple<const Shape&, std::string_view, Walked&> tables[] = {{kEventShape, sql::kAllEvents, events},
                                                                          {kReportShape, sql::kAllReports, reports},
                                                                          {kEntryShape, sql::kAllEntries, entries}};
    for (const auto& [shape, sql, into] : tables) {
      auto walked = walk(shape, sql);
      if (!walked) return tl::unexpected(std::move(walked).error());
      into = *walked;
      if (bad_) return {};
    }
    verified_.rows = events.rows;
    verified_.reports = reports.rows;
    verified_.entries = entries.rows;
    verified_.erased = events.erased;
    if (auto checked = check_head(events, reports, entries); !checked || bad_) return checked;
    if (auto checked = check_derived(); !checked || bad_) return checked;
    return bad_ ? Result<void>{} : check_file();
  }();
  if (!step) {
    if (step.error().code != Errc::broken_store) return tl::unexpected(step.error());
    if (!bad_) bad_ = "the file is damaged: " + step.error().context;
  }
  verified_.epoch = last_epoch_;
  if (bad_) verified_.first_bad = *bad_;
  return verified_;
}

Result<std::vector<std::string>> schema_of(const Database& database) {
  auto rows = database.prepare(sql::kSchemaText);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::vector<std::string> out;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.emplace_back(rows->bytes_at(0));
  }
}

/// A trigger or view that somebody added could hide or change rows later.
Result<void> Verifier::check_schema() {
  const auto found = schema_of(database_);
  if (!found) return tl::unexpected(found.error());
  auto fresh = Database::in_memory();
  if (!fresh) return tl::unexpected(std::move(fresh).error());
  if (auto made = fresh->execute(sql::kSchema); !made) return made;
  const auto expected = schema_of(*fresh);
  if (!expected) return tl::unexpected(expected.error());
  if (*found != *expected) bad_ = "the tables, indexes or triggers are not those that this program makes";
  return {};
}

Result<Verifier::Walked> Verifier::walk(const Shape& shape, std::string_view sql) {
  auto rows = database_.prepare(sql);
  if (!rows) return tl::unexpected(std::move(rows).error());
  Walked walked;
  walked.end = first_link(hasher_, shape, device_.key().public_key());
  for (;;) {
    const auto found = rows->step();
    if (!found) {
      if (found.error().code == Errc::broken_store)
        bad_ = "the file is damaged after " + name_of(shape, walked.end.sequence) + ": " + found.error().context;
      else
        return tl::unexpected(found.error());
    }
    if (bad_ || !*found) return walked;
    const bool is_event = shape.name == kEventShape.name;
    const Checked checked =
        check_row(hasher_, device_.key(), shape, is_event ? Sealed::place : Sealed::digest, *rows, walked.end);
    ++verified_.signatures;
    if (!checked.bad.empty()) {
      bad_ = checked.bad;
      return walked;
    }
    ++walked.rows;
    if (checked.erased) ++walked.erased;
    note_row(shape, *rows, checked.erased);
  }
}

void Verifier::note_row(const Shape& shape, const Statement& row, bool erased) {
  if (shape.name == kEventShape.name) {
    note_epoch(row.integer_at(0), row.integer_at(1));
    derived_.add_event(row, erased, verified_.notes);
  } else if (shape.name == kReportShape.name) {
    derived_.add_report(row, verified_.notes);
  } else {
    derived_.add_entry(row, verified_.notes);
  }
}

Result<void> Verifier::check_derived() {
  const auto differs = derived_.check(database_);
  if (!differs) return tl::unexpected(differs.error());
  if (!differs->empty()) bad_ = *differs;
  verified_.incidents = derived_.incidents();
  return {};
}

Result<void> Verifier::check_counters(std::uint64_t expected) {
  auto rows = database_.prepare(sql::kAllCounters);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::uint64_t count = 0;
  for (;;) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    ++count;
    if (!is_proved(hasher_, device_.key(), *rows)) {
      bad_ = "counter " + std::to_string(count) + " (" + std::string(rows->bytes_at(1)) + "): it was changed";
      return {};
    }
  }
  if (count != expected)
    bad_ = "counters: there are " + std::to_string(count) + " rows where " + std::to_string(expected) + " were written";
  return {};
}

Result<void> Verifier::check_head(const Walked& events, const Walked& reports, const Walked& entries) {
  auto row = database_.prepare(sql::kReadHead);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) {
    bad_ = "head: the signed head is missing";
    return {};
  }
  const std::uint64_t entry_end = row->integer_at(5);
  const std::uint64_t counters = row->integer_at(7);
  const std::uint64_t event_end = row->integer_at(1);
  const std::uint64_t report_end = row->integer_at(3);
  const std::uint64_t epoch = row->integer_at(0);
  const auto missing = [](const Shape& shape, const Walked& walked, std::uint64_t end) -> std::optional<std::string> {
    if (walked.end.sequence >= end) return std::nullopt;
    return name_of(shape, walked.end.sequence + 1) + ": the row is missing; rows up to " + std::to_string(end) +
           " were cut off the end";
  };
  if ((bad_ = missing(kEventShape, events, event_end))) return {};
  if ((bad_ = missing(kReportShape, reports, report_end))) return {};
  if ((bad_ = missing(kEntryShape, entries, entry_end))) return {};
  const Head head{epoch, events.end, reports.end, entries.end, counters};
  const bool fits = event_end == events.end.sequence && report_end == reports.end.sequence &&
                    entry_end == entries.end.sequence && row->bytes_at(2) == events.end.digest.view() &&
                    row->bytes_at(4) == reports.end.digest.view() && row->bytes_at(6) == entries.end.digest.view();
  if (!fits || !device_.key().signed_by_us(head_message(hasher_, head), row->bytes_at(8))) {
    bad_ = "head: the signed head does not fit the rows; the last ones were added, changed or taken by another hand";
    return {};
  }
  ++verified_.signatures;
  if (epoch < device_.epoch() || (epoch == device_.epoch() && event_end < device_.reached())) {
    bad_ =
        name_of(kEventShape, event_end + 1) + ": the row is missing; an older copy of the store was put in its place";
    return {};
  }
  return check_counters(counters);
}

/// Indexes are not hashed: SQLite itself tells whether they agree with the rows.
Result<void> Verifier::check_file() {
  auto row = database_.prepare(sql::kIntegrity);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (*found && row->bytes_at(0) != "ok") bad_ = "the file is damaged: " + std::string(row->bytes_at(0));
  return {};
}

void Verifier::note_epoch(std::uint64_t sequence, std::uint64_t epoch) {
  if (last_epoch_ == 0 && epoch > 1)
    verified_.notes.push_back("this store begins in epoch " + std::to_string(epoch) +
                              ": an earlier one was lost, set aside or taken away");
  if (last_epoch_ != 0 && epoch != last_epoch_)
    verified_.notes.push_back("event " + std::to_string(sequence) + " begins epoch " + std::to_string(epoch) +
                              ": before it the store was put back from an older copy");
  last_epoch_ = epoch;
}

}  // namespace

Result<Verified> verify_store(const Database& database, const Device& device) {
  return Verifier(database, device).run();
}

}  // namespace fairlead::agent::events
