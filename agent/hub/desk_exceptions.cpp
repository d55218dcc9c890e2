#include "agent/hub/desk_exceptions.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "agent/events/event.hpp"
#include "agent/hub/desk_exceptions_sql.hpp"
#include "rules/catalog/further_exceptions.hpp"

namespace fairlead::agent::hub {
namespace {

using exchange::DeskException;
using exchange::ExceptionSet;
using rules::catalog::ExceptionText;

constexpr auto kFurthestZone = std::chrono::hours(24);  // its last day ends later there than in UTC

tl::unexpected<Error> refused(std::string why) { return fail(Errc::refused, Side::client, std::move(why)); }

std::vector<std::string> parts_of(const std::string& text, char between) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == between) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

bool names_one(const std::string& list, char between, const std::string& name) {
  const auto all = parts_of(list, between);
  return std::find(all.begin(), all.end(), name) != all.end();
}

bool is_for_site(const std::string& sites, std::int64_t site) {
  return sites.empty() || names_one(sites, ',', std::to_string(site));
}

bool is_for(const std::string& groups, const std::string& sites, const std::string& group, std::int64_t site) {
  return names_one(groups, ' ', group) && is_for_site(sites, site);
}

std::string joined(const std::vector<std::string>& groups) {
  std::string out;
  for (const std::string& group : groups) out += (out.empty() ? "" : " ") + group;
  return out;
}

bool is_for(const MadeException& one, const std::string& group, std::int64_t site) {
  return is_for(joined(one.told.exception.groups), one.sites, group, site);
}

/// A laptop refuses a set of more. Two who open at one moment may see each other too late for being refused.
void add_id(std::vector<std::string>& ids, const std::string& id) {
  if (ids.size() < exchange::kMostExceptions) ids.push_back(id);
}

std::string body_of(const DeskException& exception) {
  return exchange::write_notices({}, ExceptionSet{"-", {exception}});
}

/// Of a row that begins as those of kStanding do.
Result<DeskException> exception_at(const Row& row) {
  auto told = exchange::read_notices(text_at(row, 3));
  if (!told || !told->exceptions || told->exceptions->all.size() != 1)
    return fail(Errc::bad_file, Side::local, "an exception in the hub's store cannot be read");
  DeskException out = std::move(told->exceptions->all.front());
  out.id = text_at(row, 0);
  return out;
}

Result<std::vector<MadeException>> from_rows(const Result<Rows>& rows) {
  if (!rows) return tl::unexpected(rows.error());
  std::vector<MadeException> out;
  for (const Row& row : *rows) {
    auto told = exception_at(row);
    if (!told) return tl::unexpected(std::move(told).error());
    MadeException& one =
        out.emplace_back(MadeException{std::move(*told), text_at(row, 1), text_at(row, 4), time_at(row, 5)});
    if (number_at(row, 6) != 0) one.over = time_at(row, 6);
    one.closed_by = text_at(row, 7);
    one.next = text_at(row, 8);
  }
  return out;
}

std::string digest_for(const std::vector<MadeException>& standing, const std::string& group, std::int64_t site) {
  std::vector<std::string> ids;
  for (const MadeException& one : standing)
    if (is_for(one, group, site)) add_id(ids, one.told.id);
  return exchange::set_digest(ids);
}

/// How many some laptop would have to keep beside this one.
std::size_t most_beside(const std::vector<MadeException>& standing, const MadeException& next) {
  std::set<std::string> sites{"0"};  // of no site
  for (const MadeException& one : standing)
    for (const std::string& site : parts_of(one.sites, ',')) sites.insert(site.empty() ? "0" : site);
  std::size_t most = 0;
  for (const std::string& site : sites) {
    const std::int64_t number = std::stoll(site);
    if (!is_for_site(next.sites, number)) continue;
    for (const std::string& group : next.told.exception.groups) {
      const auto beside = std::count_if(standing.begin(), standing.end(),
                                        [&](const MadeException& one) { return is_for(one, group, number); });
      most = std::max(most, static_cast<std::size_t>(beside));
    }
  }
  return most;
}

}  // namespace

Result<std::string> make_exception(Connection& connection, const DeskException& exception, const std::string& sites,
                                   Now now) {
  const ExceptionText& text = exception.exception;
  const auto read = as_read(rules::catalog::Catalog(), text);
  if (!read) return refused("This address or last day cannot be read. Nothing was changed.");
  MadeException next{exception, read->read.host + read->read.path + " " + joined(text.groups), sites, now};
  next.told.id = events::new_decision_id();
  const Now ends = std::chrono::time_point_cast<Now::duration>(read->read.expires) + kFurthestZone;

  if (auto gone =
          connection.run(sql::kReplaceException, {column_of(now), exception.by, next.told.id, next.about, sites});
      !gone)
    return tl::unexpected(gone.error());
  const auto standing = read_standing(connection, now);
  if (!standing) return tl::unexpected(standing.error());
  if (most_beside(*standing, next) >= exchange::kMostExceptions)
    return refused("A laptop keeps " + std::to_string(exchange::kMostExceptions) +
                   " opened addresses at the most. Close one under Opened first. Nothing was changed.");
  const auto added = connection.run(sql::kAddException, {next.told.id, next.about, joined(text.groups),
                                                         body_of(next.told), sites, column_of(now), column_of(ends)});
  if (!added) return tl::unexpected(added.error());
  return next.told.id;
}

Result<void> close_exception(Connection& connection, const std::string& id, const std::string& by, Now now) {
  const auto closed = connection.run(sql::kCloseException, {column_of(now), by, id});
  if (!closed) return tl::unexpected(closed.error());
  if (closed->empty()) return fail(Errc::not_found, Side::client, "It is closed already.");
  return {};
}

Result<std::optional<ExceptionSet>> other_set_for(Connection& connection, const std::string& group, std::int64_t site,
                                                  const std::string& digest, Now now) {
  const auto rows = connection.run(sql::kStanding, {column_of(now)});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::string> ids;
  for (const Row& row : *rows)
    if (is_for(text_at(row, 2), text_at(row, 4), group, site)) add_id(ids, text_at(row, 0));
  ExceptionSet out{exchange::set_digest(ids), {}};
  if (out.digest == digest) return std::nullopt;  // nearly always: what they say is not looked at
  for (const Row& row : *rows) {
    if (std::find(ids.begin(), ids.end(), text_at(row, 0)) == ids.end()) continue;
    auto exception = exception_at(row);
    if (!exception) return tl::unexpected(std::move(exception).error());
    out.all.push_back(std::move(*exception));
  }
  return out;
}

Result<std::uint64_t> laptops_in(Connection& connection, const std::vector<std::string>& groups) {
  const auto rows = connection.run(sql::kSetsOfLaptops, {});
  if (!rows) return tl::unexpected(rows.error());
  std::uint64_t out = 0;
  for (const Row& row : *rows)
    if (std::find(groups.begin(), groups.end(), text_at(row, 0)) != groups.end()) out += count_at(row, 3);
  return out;
}

Result<std::vector<MadeException>> read_standing(Connection& connection, Now now) {
  return from_rows(connection.run(sql::kStanding, {column_of(now)}));
}

Result<std::vector<MadeException>> read_over(Connection& connection, Now now, std::size_t limit) {
  return from_rows(connection.run(sql::kOver, {column_of(now), column_of(limit)}));
}

Result<void> count_behind(Connection& connection, const std::vector<MadeException>& standing,
                          std::vector<MadeException>& exceptions) {
  const auto rows = connection.run(sql::kSetsOfLaptops, {});
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    const std::string group = text_at(row, 0);
    const std::int64_t site = number_at(row, 1);
    if (text_at(row, 2) == digest_for(standing, group, site)) continue;
    for (MadeException& one : exceptions)
      if (is_for(one, group, site)) one.behind += count_at(row, 3);
  }
  return {};
}

Result<void> name_sites(Connection& connection, std::vector<MadeException>& exceptions) {
  const auto rows = connection.run(sql::kSiteNames, {});
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    for (MadeException& one : exceptions)
      if (!one.sites.empty() && is_for_site(one.sites, number_at(row, 0))) one.site_names.push_back(text_at(row, 1));
  }
  return {};
}

bool is_within(const MadeException& exception, const std::string& sites) {
  if (exception.sites.empty()) return false;
  const auto all = parts_of(exception.sites, ',');
  return std::all_of(all.begin(), all.end(), [&](const std::string& site) { return names_one(sites, ',', site); });
}

}  // namespace fairlead::agent::hub
