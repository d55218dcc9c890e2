#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/lists.hpp"
#include "agent/lists/list_store.hpp"
#include "agent/lists/ruleset_store.hpp"
#include "agent/lists/utc_time.hpp"
#include "rules/match/ruleset.hpp"

namespace fairlead::agent::command {
namespace {

using nlohmann::ordered_json;
using rules::catalog::ListSource;

std::string time_text(std::chrono::sys_seconds time) {
  return time == std::chrono::sys_seconds{} ? std::string() : lists::utc_text(time);
}

/// How many lines of each list are in force, by list.
using Entries = std::map<std::string, std::uint64_t, std::less<>>;

Entries entries_of(const lists::RulesetStore& rulesets, const std::optional<std::string>& name) {
  Entries entries;
  if (!name) return entries;
  const auto file = rulesets.open(*name);
  const auto view = file ? rules::match::FileView::open(*file) : tl::unexpected(file.error());
  if (!view) return entries;
  for (const auto& list : rules::match::Ruleset::lists_in(**view)) entries[list.id] = list.lines;
  return entries;
}

std::optional<std::uint64_t> entries_in(const Entries& entries, const std::string& id) {
  const auto found = entries.find(id);
  return found == entries.end() ? std::nullopt : std::optional(found->second);
}

/// One list: as its folder has it, and as the rulesets in force and before have it.
struct Known {
  lists::StoredList stored;
  std::optional<std::uint64_t> entries, entries_before;
};

/// What an administrator would want to hear first.
std::string news_of(const Known& known) {
  const lists::StoredList& stored = known.stored;
  if (!stored.trouble.empty()) return stored.trouble;
  if (!stored.check.last_error.empty()) return stored.check.last_error;
  if (known.entries && known.entries_before) {
    const auto now = *known.entries, before = *known.entries_before;
    if (now == before) return "as many entries as in the ruleset before";
    const auto change = now > before ? now - before : before - now;
    return std::to_string(change) + (change == 1 ? " entry " : " entries ") + (now > before ? "more" : "fewer") +
           " than in the ruleset before";
  }
  return known.entries ? "new in this ruleset" : "";
}

ordered_json json_of(const ListSource& source, const Known& known) {
  const lists::StoredList& stored = known.stored;
  const auto number = [](const std::optional<std::uint64_t>& count) {
    return count ? ordered_json(*count) : ordered_json(nullptr);
  };
  const lists::Edition edition = stored.edition.value_or(lists::Edition{});
  return {{"id", source.id},
          {"title", source.title},
          {"licence", source.licence},
          {"format", to_string(source.format)},
          {"from", source.from},
          {"fetched_at", time_text(edition.fetched_at)},
          {"checked_at", time_text(stored.check.checked_at)},
          {"next_due", time_text(stored.check.next_due)},
          {"entries", number(known.entries)},
          {"entries_before", number(known.entries_before)},
          {"bytes", edition.bytes},
          {"sha256", edition.sha256},
          {"failures", stored.check.failures},
          {"last_error", stored.check.last_error},
          {"trouble", stored.trouble},
          {"news", news_of(known)}};
}

using TableRow = std::vector<std::string>;

/// The news come last; they get a line of their own.
TableRow row_of(const ListSource& source, const Known& known) {
  const auto& edition = known.stored.edition;
  return {source.id,
          source.licence,
          std::string(to_string(source.format)),
          known.entries ? std::to_string(*known.entries) : "",
          edition ? time_text(edition->fetched_at) : "",
          time_text(known.stored.check.next_due),
          edition ? std::to_string(edition->bytes) : "",
          source.from,
          news_of(known)};
}

void print_table(const std::vector<TableRow>& rows) {
  const std::size_t columns = rows.front().size() - 1;
  std::vector<std::size_t> widths(columns, 1);
  for (const TableRow& row : rows) {
    for (std::size_t i = 0; i + 1 < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      std::string cell = row[i].empty() ? "-" : printable(row[i]);
      if (i + 1 < columns) cell.resize(std::max(widths[i], cell.size()) + 2, ' ');
      line += cell;
    }
    std::cout << line << "\n";
    if (!row.back().empty()) std::cout << "  " << printable(row.back()) << "\n";
  }
}

void for_each_list(const rules::catalog::Catalog& catalog, const std::filesystem::path& state,
                   const std::function<void(const ListSource&, const Known&)>& each) {
  const lists::ListStore store(lists_folder(state));
  const lists::RulesetStore rulesets(rulesets_folder(state));
  const Entries now = entries_of(rulesets, rulesets.current()), before = entries_of(rulesets, rulesets.previous());
  for (const ListSource& source : catalog.lists) {
    each(source, {source.is_remote() ? store.read(source.id) : lists::StoredList{}, entries_in(now, source.id),
                  entries_in(before, source.id)});
  }
}

}  // namespace

std::string lists_as_json(const rules::catalog::Catalog& catalog, const std::filesystem::path& state) {
  ordered_json all = ordered_json::array();
  for_each_list(catalog, state,
                [&](const ListSource& source, const Known& known) { all.push_back(json_of(source, known)); });
  return all.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

void show_lists(const rules::catalog::Catalog& catalog, const std::filesystem::path& state, bool as_json) {
  if (as_json) {
    std::cout << lists_as_json(catalog, state) << "\n";
    return;
  }
  if (catalog.lists.empty()) {
    std::cout << "lists.yaml names no list\n";
    return;
  }
  std::vector<TableRow> rows{
      {"ID", "LICENCE", "FORMAT", "ENTRIES", "FETCHED (UTC)", "NEXT (UTC)", "BYTES", "FROM", ""}};
  for_each_list(catalog, state,
                [&](const ListSource& source, const Known& known) { rows.push_back(row_of(source, known)); });
  print_table(rows);
}

}  // namespace fairlead::agent::command
