#include "agent/hub/desk_entries.hpp"

#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/entry_check.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/desk_incidents.hpp"
#include "agent/hub/desk_sql.hpp"
#include "agent/hub/notice_board.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Entry;
using nlohmann::ordered_json;

constexpr std::int64_t kEveryEntry = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNoNumber = -2;  // no row bears it

Entry entry_at(const Row& row) {
  Entry out;
  out.sequence = count_at(row, 0);
  out.time = time_at(row, 1);
  out.incident = count_at(row, 2);
  if (number_at(row, 3) != 0) out.keep = time_at(row, 3);
  out.kind = text_at(row, 4);
  out.subject = text_at(row, 5);
  out.actor = text_at(row, 6);
  out.person = text_at(row, 7);
  out.body = text_at(row, 8);
  out.erased = number_at(row, 9) != 0;
  return out;
}

std::string plain(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// One spelling of each text, so that a name is found in it.
std::string spelled(const std::string& body) {
  const auto json = ordered_json::parse(body, nullptr, false);
  return json.is_discarded() ? body : plain(json);
}

/// Whoever the desk names and no laptop ever did gets a number too.
Result<std::int64_t> number_person(Connection& connection, const std::string& name) {
  if (name.empty()) return 0;
  for (const bool known : {false, true}) {
    const auto number = person_shown(connection, name);
    if (!number) return tl::unexpected(number.error());
    if (*number) return **number;
    if (known) break;
    if (auto added = connection.run(sql::kAddPersonOfDesk, {name, name}); !added) return tl::unexpected(added.error());
  }
  return fail(Errc::timed_out, Side::local, "another transaction was in the way");
}

}  // namespace

std::string in_body(const std::string& name) { return plain(ordered_json(name)); }

Result<std::vector<Entry>> read_entries(Connection& connection, const events::EntryFilter& filter) {
  std::int64_t person = -1;
  if (!filter.person.empty()) {
    const auto number = person_shown(connection, filter.person);
    if (!number) return tl::unexpected(number.error());
    person = number->value_or(kNoNumber);
  }
  const auto rows =
      connection.run(filter.newest_first ? sql::kEntriesNewestFirst : sql::kEntriesOldestFirst,
                     {column_of(filter.since.value_or(Now::min())), column_of(filter.until.value_or(Now::max())),
                      filter.kind, filter.subject, filter.actor, person, in_body(filter.person),
                      column_of(filter.incident), filter.limit == 0 ? kEveryEntry : column_of(filter.limit)});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Entry> out;
  for (const Row& row : *rows) out.push_back(entry_at(row));
  return out;
}

Result<std::uint64_t> write_entry(Connection& connection, Entry entry, const std::string& sites) {
  if (auto fits = events::check_entry(entry); !fits) return tl::unexpected(std::move(fits).error());
  const auto state = events::reviewed_state(entry);
  if (!state) return tl::unexpected(state.error());
  const auto person = number_person(connection, entry.person);
  if (!person) return tl::unexpected(person.error());
  if (entry.incident != 0) {
    const std::int64_t changed = events::changes_incident(entry.kind) ? column_of(entry.time) : 0;
    const std::int64_t incident = column_of(entry.incident);
    const auto touched = changed == 0 ? connection.run(sql::kHasIncident, {incident})
                                      : connection.run(sql::kReviewIncident, {std::string(*state), changed, incident});
    if (!touched) return tl::unexpected(touched.error());
    if (touched->empty()) return fail(Errc::not_found, Side::client, "there is no such incident");
  }
  const std::int64_t here = 0;
  const auto added = connection.run(sql::kAddEntry, {here, here, here, column_of(entry.time), column_of(entry.incident),
                                                     entry.keep ? column_of(*entry.keep) : 0, entry.kind, entry.subject,
                                                     entry.actor, *person, spelled(entry.body), sites});
  if (!added) return tl::unexpected(added.error());
  // The laptops, and the learner there, hear of it.
  Result<void> told;
  if (entry.kind == "appeal_answer") told = tell_answer(connection, entry);
  if (entry.kind == "task_answer") told = tell_task_answer(connection, entry);
  if (entry.kind == "review" && entry.incident != 0) told = tell_review(connection, entry);
  if (!told) return tl::unexpected(std::move(told).error());
  return count_at(added->front(), 0);
}

Result<std::uint64_t> add_entry(Connection& connection, Entry entry, const std::string& sites) {
  std::uint64_t number = 0;
  const auto done = in_transaction(connection, [&]() -> Result<void> {
    const auto written = write_entry(connection, std::move(entry), sites);
    if (!written) return tl::unexpected(written.error());
    number = *written;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return number;
}

}  // namespace fairlead::agent::hub
