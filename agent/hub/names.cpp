#include "agent/hub/names.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "agent/hub/taking_sql.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using Numbers = std::map<std::string, std::int64_t>;

/// A name that cannot be told is nobody's but its laptop's, whoever else has accounts in common.
std::int64_t device_of(const std::string& name, const Device& device, Accounts accounts) {
  return accounts == Accounts::shared && !name.empty() ? 0 : column_of(device.number);
}

template <class Found>
std::vector<Row> missing(const std::set<std::string>& names, const Found& found,
                         const std::function<Row(const std::string&)>& row) {
  std::vector<Row> out;
  for (const std::string& name : names)
    if (!found.contains(name)) out.push_back(row(name));
  return out;
}

}  // namespace

bool is_site_name(std::string_view name) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  return !name.empty() && name.size() <= 64 && name.front() != ' ' && name.back() != ' ' &&
         std::none_of(name.begin(), name.end(), control);
}

Result<std::map<std::string, Numbered>> lock_people(Connection& connection, const std::set<std::string>& names,
                                                    const Device& device, Accounts accounts) {
  std::map<std::string, Numbered> out;
  const auto key = [&](const std::string& name) { return Row{device_of(name, device, accounts), name}; };
  const auto lock = [&]() -> Result<void> {
    const auto rows = connection.run_for(in(connection, sql::sqlite::kLockPeople, sql::postgres::kLockPeople),
                                         missing(names, out, key));
    if (!rows) return tl::unexpected(rows.error());
    for (const Row& row : *rows) {
      Numbered person{number_at(row, 0), {}};
      for (std::size_t i = 0; i < person.last_days.size(); ++i) person.last_days.at(i) = number_at(row, 3 + i);
      out.emplace(text_at(row, 2), person);
    }
    return {};
  };
  if (auto locked = lock(); !locked) return tl::unexpected(locked.error());
  // The second one only where another person is shown by the very same words.
  for (const std::string& more : {std::string(), " (" + device.id + ")"}) {
    const auto added = missing(names, out, [&](const std::string& name) {
      Row row = key(name);
      const bool own = std::get<std::int64_t>(row[0]) != 0;
      std::string shown = name;
      if (own && !name.empty()) shown.append(" on ").append(device.name).append(more);
      row.emplace_back(std::move(shown));
      return row;
    });
    if (added.empty()) break;
    const auto done = connection.run_for(in(connection, sql::sqlite::kAddPerson, sql::postgres::kAddPerson), added);
    if (!done) return tl::unexpected(done.error());
    if (auto locked = lock(); !locked) return tl::unexpected(locked.error());
  }
  if (out.size() != names.size()) return fail(Errc::timed_out, Side::local, "another transaction was in the way");
  return out;
}

Result<void> keep_people(Connection& connection, const std::vector<Numbered>& people) {
  std::vector<Row> rows;
  for (const Numbered& person : people) {
    Row row(person.last_days.begin(), person.last_days.end());
    row.emplace_back(person.number);
    rows.push_back(std::move(row));
  }
  const auto kept = connection.run_for(in(connection, sql::sqlite::kKeepPerson, sql::postgres::kKeepPeople), rows);
  if (!kept) return tl::unexpected(kept.error());
  return {};
}

Result<Numbers> number_hosts(Connection& connection, const std::set<std::string>& names, Now now) {
  Numbers out;
  std::vector<Row> all, stale;
  const std::int64_t today = events::day_of(now);
  for (const std::string& name : names) all.push_back({name});
  const auto find = [&]() -> Result<Rows> {
    return connection.run_for(in(connection, sql::sqlite::kHosts, sql::postgres::kHosts), all);
  };
  const auto rows = find();
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows)
    if (number_at(row, 2) >= today) out.emplace(text_at(row, 1), number_at(row, 0));
  // Told once a day that it is in use still: what is not is forgotten (keeping.cpp).
  stale = missing(names, out, [&](const std::string& name) { return Row{name, today}; });
  if (stale.empty()) return out;
  if (auto done = connection.run_for(in(connection, sql::sqlite::kAddHost, sql::postgres::kAddHost), stale); !done)
    return tl::unexpected(done.error());
  const auto again = find();
  if (!again) return tl::unexpected(again.error());
  for (const Row& row : *again) out.emplace(text_at(row, 1), number_at(row, 0));
  return out;
}

}  // namespace fairlead::agent::hub
