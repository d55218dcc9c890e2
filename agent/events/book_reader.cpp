#include "agent/events/book_reader.hpp"

#include <utility>

#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

std::string text_at(const Statement& row, int column) { return std::string(row.bytes_at(column)); }

Report report_at(const Statement& row) {
  Report out;
  out.time = time_from(row.integer_at(5));
  const std::string_view kind = row.bytes_at(6);
  for (const ReportKind one : {ReportKind::accident, ReportKind::wrong, ReportKind::concern})
    if (kind == to_string(one)) out.kind = one;
  out.person = text_at(row, 7);
  out.words = text_at(row, 8);
  return out;
}

Entry entry_at(const Statement& row) {
  Entry out;
  out.time = time_from(row.integer_at(5));
  if (row.integer_at(6) != 0) out.keep = time_from(row.integer_at(6));
  out.kind = text_at(row, 7);
  out.subject = text_at(row, 8);
  out.actor = text_at(row, 9);
  out.person = text_at(row, 10);
  out.body = text_at(row, 11);
  return out;
}

}  // namespace

std::string_view to_string(Table table) {
  switch (table) {
    case Table::events:
      return "events";
    case Table::reports:
      return "reports";
    case Table::entries:
      return "entries";
  }
  return "events";
}

Result<std::vector<BookRow>> read_book(const Database& database, Table table, std::uint64_t after,
                                       std::uint64_t before) {
  auto rows = database.prepare(table == Table::reports ? sql::kReportsBetween : sql::kEntriesBetween);
  if (!rows) return tl::unexpected(std::move(rows).error());
  rows->integer(after).integer(before);
  std::vector<BookRow> out;
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return out;
    BookRow& row = out.emplace_back();
    row.sequence = rows->integer_at(0);
    row.epoch = rows->integer_at(1);
    row.digest = text_at(*rows, 2);
    row.erased = rows->integer_at(3) != 0;
    row.event = text_at(*rows, 4);
    if (table == Table::reports) {
      row.what = report_at(*rows);
    } else {
      row.what = entry_at(*rows);
    }
  }
}

}  // namespace fairlead::agent::events
