#include "agent/events/verify.hpp"

#include <optional>
#include <string>
#include <vector>

#include "agent/events/chain.hpp"
#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

std::string name_of(const Shape& shape, std::uint64_t sequence) {
  return std::string(shape.name) + " " + std::to_string(sequence);
}

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
  Result<void> check_row(const Shape& shape, const Statement& row, Link& link, bool& erased);
  Result<void> check_counters(std::uint64_t expected);
  Result<void> check_head(const Walked& events, const Walked& reports);
  void note_epoch(std::uint64_t sequence, std::uint64_t epoch);

  const Database& database_;
  const Device& device_;
  Hasher hasher_;
  Verified verified_;
  std::optional<std::string> bad_;
  std::uint64_t last_epoch_ = 0;
};

Result<Verified> Verifier::run() {
  // One consistent moment, though the agent goes on writing.
  if (auto begun = database_.execute("BEGIN"); !begun) return tl::unexpected(std::move(begun).error());
  const auto step = [&]() -> Result<void> {
    if (auto checked = check_schema(); !checked || bad_) return checked;
    const auto events = walk(kEventShape, sql::kAllEvents);
    if (!events) return tl::unexpected(events.error());
    verified_.rows = events->rows;
    Walked reports;
    if (!bad_) {
      const auto walked = walk(kReportShape, sql::kAllReports);
      if (!walked) return tl::unexpected(walked.error());
      reports = *walked;
      verified_.reports = reports.rows;
    }
    verified_.erased = events->erased;
    if (!bad_) {
      if (auto checked = check_head(*events, reports); !checked) return checked;
    }
    return bad_ ? Result<void>{} : check_file();
  }();
  (void)database_.execute("ROLLBACK");
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
  walked.end = first_link(hasher_, shape, device_.key());
  for (;;) {
    const auto found = rows->step();
    if (!found) {
      if (found.error().code == Errc::broken_store)
        bad_ = "the file is damaged after " + name_of(shape, walked.end.sequence) + ": " + found.error().context;
      else
        return tl::unexpected(found.error());
    }
    if (bad_ || !*found) return walked;
    bool erased = false;
    if (auto checked = check_row(shape, *rows, walked.end, erased); !checked) return tl::unexpected(checked.error());
    if (bad_) return walked;
    ++walked.rows;
    if (erased) ++walked.erased;
    if (shape.name == kEventShape.name) note_epoch(rows->integer_at(0), rows->integer_at(1));
  }
}

Result<void> Verifier::check_row(const Shape& shape, const Statement& row, Link& link, bool& erased) {
  const std::uint64_t sequence = row.integer_at(0);
  if (sequence != link.sequence + 1) {
    bad_ = sequence > link.sequence ? name_of(shape, link.sequence + 1) + ": the row is missing"
                                    : name_of(shape, sequence) + ": a row stands where none was written";
    return {};
  }
  const std::string_view committed = row.bytes_at(shape.commitment());
  const std::string_view digest = row.bytes_at(shape.digest());
  const std::string_view salt = row.bytes_at(shape.salt());
  Row hashed;
  int column = 0;
  for (int i = 0; i < shape.numbers; ++i) hashed.numbers.push_back(row.integer_at(column++));
  for (int i = 0; i < shape.texts; ++i) hashed.texts.push_back(row.bytes_at(column++));
  bool personal_missing = row.null_at(shape.salt());
  bool personal_left = !personal_missing;
  for (int i = 0; i < shape.personal; ++i, ++column) {
    (row.null_at(column) ? personal_missing : personal_left) = true;
    hashed.personal.push_back(row.bytes_at(column));
  }
  erased = !row.null_at(shape.erased());
  const auto proved = [&](int column_of_proof, const Digest& message) {
    return row.bytes_at(column_of_proof) == device_.key().proof(message).view();
  };
  const Digest expected = row_digest(hasher_, shape, link, hashed, committed);
  const auto bad = [&](std::string_view why) { bad_ = name_of(shape, sequence) + ": " + std::string(why); };
  if (expected.view() != digest) {
    bad("its digest does not match the row and those before it");
  } else if (!proved(shape.seal(), seal_message(hasher_, shape, digest))) {
    // Digests alone can be made anew by anybody, all the way to the end; the seal needs the device key.
    bad("its seal is not this device's: the row was changed and hashed anew");
  } else if (erased && !proved(shape.erased(), erasure_message(hasher_, shape, digest))) {
    bad("it is marked as erased, but this device did not erase it");
  } else if (erased && personal_left) {
    bad("it was erased, but personal fields stand in it");
  } else if (!erased && (personal_missing || commitment(hasher_, shape, salt, hashed.personal).view() != committed)) {
    bad("a personal field was changed or taken out");
  }
  ++verified_.signatures;
  link = {sequence, expected};
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
    const Digest message =
        counter_message(hasher_, rows->integer_at(0), rows->bytes_at(1), rows->bytes_at(2), rows->integer_at(3));
    if (rows->bytes_at(4) != device_.key().proof(message).view()) {
      bad_ = "counter " + std::to_string(count) + " (" + std::string(rows->bytes_at(1)) + "): it was changed";
      return {};
    }
  }
  if (count != expected)
    bad_ = "counters: there are " + std::to_string(count) + " rows where " + std::to_string(expected) + " were written";
  return {};
}

Result<void> Verifier::check_head(const Walked& events, const Walked& reports) {
  auto row = database_.prepare(sql::kReadHead);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) {
    bad_ = "head: the signed head is missing";
    return {};
  }
  const std::uint64_t counters = row->integer_at(5);
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
  const Head head{epoch, events.end, reports.end, counters};
  const bool fits = event_end == events.end.sequence && report_end == reports.end.sequence &&
                    row->bytes_at(2) == events.end.digest.view() && row->bytes_at(4) == reports.end.digest.view();
  if (!fits || !device_.key().signed_by_us(head_message(hasher_, head), row->bytes_at(6))) {
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
