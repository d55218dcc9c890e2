#include "agent/hub/erasing.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/hub/desk_entries.hpp"
#include "agent/hub/erasing_sql.hpp"
#include "agent/hub/keeping_sql.hpp"
#include "agent/hub/merged.hpp"
#include "agent/hub/notice_board.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using exchange::Pseudonym;
using nlohmann::json;

struct ErasedPerson {
  std::int64_t number = 0, device = 0;  // 0: an account of every laptop
  std::string name, shown;
};

Result<std::optional<ErasedPerson>> find(Connection& connection, const std::string& shown) {
  const auto rows = connection.run(sql::kPersonToErase, {shown});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  const Row& row = rows->front();
  return ErasedPerson{number_at(row, 0), number_at(row, 1), text_at(row, 2), shown};
}

/// From here on nobody takes anything from laptops that may know this person.
Result<void> hold(Connection& connection, const ErasedPerson& person) {
  if (connection.dialect() == Dialect::sqlite) return {};
  if (auto ready = connection.execute(sql::postgres::kTakeTime); !ready) return ready;
  for (const auto lock : {sql::postgres::kLockLaptops, sql::postgres::kLockStreams, sql::postgres::kLockBooks}) {
    if (auto done = connection.run(lock, {person.device}); !done) return tl::unexpected(done.error());
  }
  return {};
}

/// Returns how many rows.
Result<std::uint64_t> erase_events(Connection& connection, const ErasedPerson& person, Now now) {
  const auto parts = connection.run(sql::kPartsOfPerson, {person.number});
  if (!parts) return tl::unexpected(parts.error());
  std::uint64_t rows = 0;
  for (const Row& part : *parts) {
    rows += count_at(part, 2);
    if (auto marked = connection.run(sql::kMarkPart, {part[0], part[1]}); !marked)
      return tl::unexpected(marked.error());
    if (auto erased = connection.run(sql::kEraseEvents, {column_of(now), person.number, part[0], part[1]}); !erased)
      return tl::unexpected(erased.error());
  }
  return rows;
}

/// What hangs for laptops about these events holds the words of whoever answered.
Result<void> take_down_about(Connection& connection, std::int64_t laptop, const std::set<std::string>& events) {
  const auto hanging = connection.run(sql::kNoticesOfLaptop, {laptop});
  if (!hanging) return tl::unexpected(hanging.error());
  std::vector<std::string> about;
  for (const Row& row : *hanging) {
    const auto notice = exchange::read_notices(exchange::write_notices({text_at(row, 1)}));
    if (!notice || notice->notices.empty()) continue;
    const std::vector<std::string> named = exchange::events_of(notice->notices.front());
    if (std::any_of(named.begin(), named.end(), [&](const std::string& id) { return events.contains(id); }))
      about.push_back(text_at(row, 0));
  }
  return take_down(connection, laptop, about);
}

Result<void> tell_laptops(Connection& connection, const ErasedPerson& person, const std::set<std::string>& events,
                          std::uint64_t entry, const std::string& by, Now now) {
  const auto laptops = connection.run(sql::kLaptopsToTell, {person.device});
  if (!laptops) return tl::unexpected(laptops.error());
  const Pseudonym pseudonym = exchange::pseudonym_of(person.name);
  for (const Row& row : *laptops) {
    const std::int64_t laptop = number_at(row, 0);
    if (auto down = take_down_about(connection, laptop, events); !down) return down;
    const auto notice = tell_erasure(connection, laptop, {pseudonym, by}, now);
    if (!notice) return tl::unexpected(notice.error());
    if (auto added = connection.run(sql::kAddErasure, {laptop, *notice, column_of(entry), Bytes{pseudonym.salt},
                                                       Bytes{pseudonym.digest}, column_of(now)});
        !added)
      return tl::unexpected(added.error());
  }
  return {};
}

/// Those that nobody else was seen at. By itself: a batch that has numbered one of them is waited for.
Result<void> drop_hosts(Connection& connection, const Rows& hosts) {
  return in_transaction(connection, [&]() -> Result<void> {
    if (connection.dialect() == Dialect::postgres) {
      if (auto locked = connection.execute(sql::postgres::kLockHosts); !locked) return locked;
    }
    for (const Row& host : hosts) {
      if (auto done = connection.run(sql::kDropHost, host); !done) return tl::unexpected(done.error());
    }
    return {};
  });
}

bool names(const std::vector<Pseudonym>& people, std::string_view name) {
  return !name.empty() &&
         std::any_of(people.begin(), people.end(), [&](const Pseudonym& one) { return one.names(name); });
}

bool has_name(const json& value, const std::vector<Pseudonym>& people) {
  if (value.is_string()) return names(people, value.get_ref<const std::string&>());
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(), [&](const json& one) { return has_name(one, people); });
}

}  // namespace

Result<bool> is_of_one_laptop(Connection& connection, const std::string& shown) {
  const auto person = find(connection, shown);
  if (!person) return tl::unexpected(person.error());
  return *person && (*person)->device != 0;
}

Result<std::uint64_t> erase_person(Connection& connection, const std::string& shown,
                                   const std::function<events::Entry(std::uint64_t rows)>& record,
                                   const std::string& sites) {
  if (shown.empty()) return 0;
  std::uint64_t rows = 0;
  Rows hosts;
  const auto done = in_transaction(connection, [&]() -> Result<void> {
    auto person = find(connection, shown);
    if (person && *person) {
      if (auto held = hold(connection, **person); !held) return held;
      person = find(connection, shown);  // as it is now that nobody is in the way
    }
    if (!person) return tl::unexpected(person.error());
    if (!*person) person->emplace(ErasedPerson{0, 0, "", shown});
    const ErasedPerson& whom = **person;
    Now now = record(0).time;
    std::set<std::string> ids;
    if (whom.number != 0) {
      const auto found = connection.run(sql::kIdsOfPerson, {whom.number});
      if (!found) return tl::unexpected(found.error());
      for (const Row& row : *found) {
        ids.insert(text_at(row, 0));
        for (auto& [sequence, id] : merged_from(text_at(row, 1))) ids.insert(std::move(id));
      }
      auto visited = connection.run(sql::kHostsOfPerson, {whom.number});
      if (!visited) return tl::unexpected(visited.error());
      hosts = std::move(*visited);
      const auto erased = erase_events(connection, whom, now);
      if (!erased) return tl::unexpected(erased.error());
      const auto words = connection.run(sql::kEraseReports, {column_of(now), whom.number});
      if (!words) return tl::unexpected(words.error());
      const auto lines = connection.run(sql::kEraseEntries, {column_of(now), whom.number, whom.device, whom.name,
                                                             in_body(whom.name), in_body(whom.shown)});
      if (!lines) return tl::unexpected(lines.error());
      rows = *erased + words->size() + lines->size();
      for (const auto step : {sql::kDropHostsOfPerson, sql::kForgetIncidentsOfPerson, sql::kDropPerson}) {
        if (auto gone = connection.run(step, {whom.number}); !gone) return tl::unexpected(gone.error());
      }
    }
    events::Entry told = record(rows);
    told.kind = "erasure";
    told.person.clear();
    const std::string by = told.actor;
    const auto entry = write_entry(connection, std::move(told), sites);
    if (!entry) return tl::unexpected(entry.error());
    if (whom.number == 0) return {};
    if (auto marked = connection.run(sql::kRewrite, {}); !marked) return tl::unexpected(marked.error());
    return tell_laptops(connection, whom, ids, *entry, by, now);
  });
  if (!done) return tl::unexpected(done.error());
  if (auto dropped = drop_hosts(connection, hosts); !dropped) return tl::unexpected(std::move(dropped).error());
  return rows;
}

Result<std::vector<ErasureState>> read_erasures(Connection& connection, std::size_t limit) {
  const auto rows = connection.run(sql::kErasures, {column_of(limit)});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<ErasureState> out;
  for (const Row& row : *rows) out.push_back({time_at(row, 0), count_at(row, 1), count_at(row, 2)});
  return out;
}

Result<std::vector<Pseudonym>> erased_on(Connection& connection, std::int64_t device) {
  const auto rows = connection.run(sql::kErasuresOf, {device});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Pseudonym> out;
  for (const Row& row : *rows) out.push_back({bytes_at(row, 0), bytes_at(row, 1)});
  return out;
}

Result<void> confirm_erasures(Connection& connection, std::int64_t device, const std::vector<std::string>& heard,
                              Now now) {
  for (const std::string& notice : heard) {
    if (auto done = connection.run(sql::kConfirmErasure, {column_of(now), device, notice}); !done)
      return tl::unexpected(done.error());
  }
  return {};
}

Result<void> give_up_erasures(Connection& connection, std::int64_t device) {
  for (const auto step : {sql::kDropErasuresOf, sql::kDropNoticesOf}) {
    if (auto done = connection.run(step, {device}); !done) return tl::unexpected(done.error());
  }
  return {};
}

bool strip(events::Stored& row, const std::vector<Pseudonym>& erased) {
  events::Event& event = row.event;
  if (row.erased || !names(erased, event.person)) return false;
  row.erased = true;
  for (std::string* text : {&event.person, &event.url, &event.host, &event.words, &event.span, &event.losers})
    text->clear();
  return true;
}

bool strip(events::BookRow& row, const std::vector<Pseudonym>& erased) {
  if (row.erased) return false;
  if (auto* report = std::get_if<events::Report>(&row.what)) {
    if (!names(erased, report->person)) return false;
    report->person.clear();
    report->words.clear();
  } else {
    auto& entry = std::get<events::Entry>(row.what);
    if (!names(erased, entry.person) && !(entry.person.empty() && names(erased, entry.actor)) &&
        !has_name(json::parse(entry.body, nullptr, false), erased))
      return false;
    for (std::string* text : {&entry.person, &entry.actor, &entry.body}) text->clear();
  }
  row.erased = true;
  return true;
}

}  // namespace fairlead::agent::hub
