#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/lists.hpp"
#include "agent/lists/list_store.hpp"
#include "agent/lists/utc_time.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::ordered_json;
using rules::catalog::ListSource;

std::string time_text(std::chrono::sys_seconds time) {
  return time == std::chrono::sys_seconds{} ? std::string() : lists::utc_text(time);
}

/// What an administrator would want to hear first.
std::string news_of(const lists::StoredList& stored) {
  if (!stored.trouble.empty()) return stored.trouble;
  if (!stored.check.last_error.empty()) return stored.check.last_error;
  if (!stored.edition || !stored.previous || stored.previous->sha256 == stored.edition->sha256) return "";
  const auto now = stored.edition->bytes, before = stored.previous->bytes;
  if (now == before) return "as long as the edition before";
  return std::to_string(now > before ? now - before : before - now) + (now > before ? " bytes more" : " bytes fewer") +
         " than the edition before";
}

ordered_json json_of(const ListSource& source, const lists::StoredList& stored) {
  const lists::Edition edition = stored.edition.value_or(lists::Edition{});
  return {{"id", source.id},
          {"title", source.title},
          {"licence", source.licence},
          {"format", to_string(source.format)},
          {"from", source.from},
          {"fetched_at", time_text(edition.fetched_at)},
          {"checked_at", time_text(stored.check.checked_at)},
          {"next_due", time_text(stored.check.next_due)},
          {"bytes", edition.bytes},
          {"sha256", edition.sha256},
          {"failures", stored.check.failures},
          {"last_error", stored.check.last_error},
          {"trouble", stored.trouble}};
}

using Row = std::vector<std::string>;

Row row_of(const ListSource& source, const lists::StoredList& stored) {
  const bool there = stored.edition.has_value();
  Row row{source.id, source.licence, std::string(to_string(source.format))};
  if (!source.is_remote()) {
    row.insert(row.end(), {"", "", "", "read from " + source.from});
    return row;
  }
  row.insert(row.end(), {there ? time_text(stored.edition->fetched_at) : "", time_text(stored.check.next_due),
                         there ? std::to_string(stored.edition->bytes) : "", news_of(stored)});
  return row;
}

void print_table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 1);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string cell = row[i].empty() ? "-" : printable(row[i]);
      if (i + 1 < row.size()) cell.resize(std::max(widths[i], cell.size()) + 2, ' ');
      line += cell;
    }
    std::cout << line << "\n";
  }
}

}  // namespace

void show_lists(const rules::catalog::Catalog& catalog, const std::filesystem::path& state, bool as_json) {
  const lists::ListStore store(lists_folder(state));
  ordered_json all = ordered_json::array();
  std::vector<Row> rows{{"ID", "LICENCE", "FORMAT", "FETCHED (UTC)", "NEXT (UTC)", "BYTES", "NEWS"}};
  for (const ListSource& source : catalog.lists) {
    const lists::StoredList stored = source.is_remote() ? store.read(source.id) : lists::StoredList{};
    all.push_back(json_of(source, stored));
    rows.push_back(row_of(source, stored));
  }
  if (as_json) {
    std::cout << all.dump(2, ' ', false, ordered_json::error_handler_t::replace) << "\n";
  } else if (catalog.lists.empty()) {
    std::cout << "lists.yaml names no list\n";
  } else {
    print_table(rows);
  }
}

}  // namespace fairlead::agent::command
