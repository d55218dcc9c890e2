#include "agent/exchange/book_batch.hpp"

#include "agent/events/digest.hpp"
#include "agent/exchange/fields.hpp"

namespace fairlead::agent::exchange {
namespace {

using events::BookRow;
using events::Entry;
using events::Report;
using events::ReportKind;
using events::Table;
using nlohmann::json;

// 500 characters of words; a body is at most as long as a store takes it.
constexpr std::size_t kWordsBytes = 2'048, kBodyBytes = std::size_t{64} * 1024;

std::int64_t number_of(events::TimePoint time) { return time.time_since_epoch().count(); }

json object_of_row(const BookRow& row) {
  json out = {{"sequence", row.sequence}, {"digest", events::hex(row.digest)}, {"event", row.event}};
  if (row.erased) out["erased"] = true;
  if (const auto* report = std::get_if<Report>(&row.what)) {
    out["time"] = number_of(report->time);
    out["kind"] = to_string(report->kind);
    out["person"] = report->person;
    out["words"] = report->words;
    return out;
  }
  const Entry& entry = std::get<Entry>(row.what);
  out["time"] = number_of(entry.time);
  if (entry.keep) out["keep"] = number_of(*entry.keep);
  out["kind"] = entry.kind;
  out["subject"] = entry.subject;
  out["actor"] = entry.actor;
  out["person"] = entry.person;
  out["body"] = entry.body;
  return out;
}

/// Whether it is there and can be kept.
bool take(std::string& into, const json& object, const char* name, std::size_t most = kFieldBytes) {
  const std::string* text = text_at(object, name, most);
  if (text == nullptr) return false;
  into = *text;
  return true;
}

Result<Report> report_from(const json& object) {
  Report out;
  const auto kind = word_at(object, "kind", {ReportKind::accident, ReportKind::wrong, ReportKind::concern});
  if (!kind) return bad("has no 'kind'");
  out.kind = *kind;
  if (!take(out.person, object, "person")) return bad("has no 'person' that can be kept");
  if (!take(out.words, object, "words", kWordsBytes)) return bad("has no 'words' that can be kept");
  return out;
}

Result<Entry> entry_from(const json& object) {
  Entry out;
  if (object.contains("keep")) {
    out.keep = time_at(object, "keep");
    if (!out.keep) return bad("has no 'keep' that is a time");
  }
  const std::pair<const char*, std::string Entry::*> fields[] = {
      {"kind", &Entry::kind}, {"subject", &Entry::subject}, {"actor", &Entry::actor}, {"person", &Entry::person}};
  for (const auto& [name, text] : fields)
    if (!take(out.*text, object, name)) return bad("has no '" + std::string(name) + "' that can be kept");
  if (!take(out.body, object, "body", kBodyBytes)) return bad("has no 'body' that can be kept");
  return out;
}

Result<BookRow> row_from(const json& object, Table table) {
  BookRow out;
  const auto sequence = number_at(object, "sequence");
  if (!sequence || *sequence == 0) return bad("has no 'sequence'");
  out.sequence = *sequence;
  out.digest = digest_at(object);
  if (out.digest.empty()) return bad("has no 'digest'");
  out.erased = is_true(object, "erased");
  if (!take(out.event, object, "event")) return bad("has no 'event' that can be kept");
  const auto time = time_at(object, "time");
  if (!time) return bad("has no 'time'");
  if (table == Table::reports) {
    auto report = report_from(object);
    if (!report) return tl::unexpected(std::move(report).error());
    report->time = *time;
    out.what = std::move(*report);
  } else {
    auto entry = entry_from(object);
    if (!entry) return tl::unexpected(std::move(entry).error());
    entry->time = *time;
    out.what = std::move(*entry);
  }
  return out;
}

}  // namespace

std::string write_book_batch(const BookBatch& batch) {
  json out = object_of(batch, object_of_row);
  out["table"] = to_string(batch.table);
  return dump(out);
}

Result<BookBatch> read_book_batch(std::string_view text) {
  if (text.size() > kMostBytes) return fail(Errc::too_large, Side::client, "the batch is too large");
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return bad("the batch is no JSON object in UTF-8");
  const auto table = word_at(parsed, "table", {Table::reports, Table::entries});
  if (!table) return bad("the batch needs a 'table': reports or entries");
  auto rows = batch_from<BookRow>(parsed, [&](const json& object) { return row_from(object, *table); });
  if (!rows) return tl::unexpected(std::move(rows).error());
  return BookBatch{std::move(*rows), *table};
}

}  // namespace fairlead::agent::exchange
