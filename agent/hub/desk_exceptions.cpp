#include "agent/hub/desk_exceptions.hpp"

#include <algorithm>
#include <utility>

#include "agent/events/event.hpp"
#include "agent/hub/desk_exceptions_sql.hpp"
#include "agent/hub/notice_board.hpp"
#include "rules/catalog/further_exceptions.hpp"

namespace fairlead::agent::hub {
namespace {

using rules::catalog::ExceptionText;

constexpr auto kFurthestZone = std::chrono::hours(24);  // its last day ends later there than in UTC

tl::unexpected<Error> refused(std::string why) { return fail(Errc::refused, Side::client, std::move(why)); }

struct Laptop {
  std::int64_t number = 0, site = 0;
};

bool names_site(const std::string& sites, const std::string& site) {
  return ("," + sites + ",").find("," + site + ",") != std::string::npos;
}

bool is_for_site(const std::string& sites, std::int64_t site) {
  return sites.empty() || names_site(sites, std::to_string(site));
}

bool is_for_group(const ExceptionText& exception, const std::string& group) {
  return std::find(exception.groups.begin(), exception.groups.end(), group) != exception.groups.end();
}

std::vector<std::string> sites_of(const std::string& sites) {
  std::vector<std::string> out(1);
  for (const char c : sites) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

/// May a laptop have to keep both?
bool share_laptops(const DeskException& one, const DeskException& other) {
  const auto& groups = one.exception.groups;
  const bool group = std::any_of(groups.begin(), groups.end(),
                                 [&](const std::string& name) { return is_for_group(other.exception, name); });
  if (!group || one.sites.empty() || other.sites.empty()) return group;
  const auto all = sites_of(one.sites);
  return std::any_of(all.begin(), all.end(), [&](const std::string& site) { return names_site(other.sites, site); });
}

/// What was written into `body`.
Result<exchange::ExceptionNotice> notice_in(const std::string& body) {
  const auto told = exchange::read_notices(exchange::write_notices({body}));
  if (told && told->notices.size() == 1) {
    if (const auto* notice = std::get_if<exchange::ExceptionNotice>(&told->notices.front().what)) return *notice;
  }
  return fail(Errc::bad_file, Side::local, "an exception in the hub's store cannot be read");
}

Result<std::vector<DeskException>> from_rows(const Result<Rows>& rows) {
  if (!rows) return tl::unexpected(rows.error());
  std::vector<DeskException> out;
  for (const Row& row : *rows) {
    auto notice = notice_in(text_at(row, 2));
    if (!notice) return tl::unexpected(std::move(notice).error());
    out.push_back({text_at(row, 0), std::move(notice->by), std::move(notice->exception), text_at(row, 1),
                   text_at(row, 3), time_at(row, 4), time_at(row, 5), text_at(row, 6)});
  }
  return out;
}

Result<std::vector<Laptop>> laptops_of(Connection& connection, const DeskException& one) {
  std::vector<Laptop> out;
  for (const std::string& group : one.exception.groups) {
    const auto rows = connection.run(sql::kLaptopsOfGroup, {group});
    if (!rows) return tl::unexpected(rows.error());
    for (const Row& row : *rows)
      if (is_for_site(one.sites, number_at(row, 1))) out.push_back({number_at(row, 0), number_at(row, 1)});
  }
  return out;
}

Result<void> lock(Connection& connection, std::string_view how) {
  if (connection.dialect() != Dialect::postgres) return {};
  if (auto locked = connection.run(how, {}); !locked) return tl::unexpected(locked.error());
  return {};
}

Result<void> change(Connection& connection, std::string_view sql, const Row& parameters) {
  if (auto done = connection.run(sql, parameters); !done) return tl::unexpected(done.error());
  return {};
}

/// The notices of one laptop, which hears them in this order.
class Telling {
 public:
  Telling(Connection& connection, std::int64_t laptop, Now now) : connection_(connection), laptop_(laptop), at_(now) {}

  Result<void> that_it_stands(const DeskException& one) {
    return tell(one.id, exchange::ExceptionNotice{one.by, one.exception});
  }
  Result<void> that_it_ends(const DeskException& one, const std::string& by) {
    return tell(one.id, exchange::ClosingNotice{by, one.exception});
  }

 private:
  Result<void> tell(const std::string& exception, decltype(exchange::Notice::what) what) {
    const Now at = at_;
    at_ += std::chrono::milliseconds(1);
    return tell_of_exception(connection_, laptop_, exception, std::move(what), at);
  }

  Connection& connection_;
  std::int64_t laptop_;
  Now at_;
};

std::string about_text(const rules::catalog::Exception& read, const ExceptionText& exception) {
  std::string out = read.host + read.path;
  for (const std::string& group : exception.groups) out += " " + group;
  return out;
}

}  // namespace

Result<Made> make_exception(Connection& connection, const exchange::ExceptionNotice& exception,
                            const std::string& sites, Now now) {
  const auto read = as_read(rules::catalog::Catalog(), exception.exception);
  if (!read) return refused(read.error().context);
  const DeskException next{events::new_decision_id(),
                           exception.by,
                           exception.exception,
                           about_text(read->read, exception.exception),
                           sites,
                           now};
  const Now ends = std::chrono::time_point_cast<Now::duration>(read->read.expires) + kFurthestZone;

  if (auto locked = lock(connection, sql::postgres::kLockExceptions); !locked) return tl::unexpected(locked.error());
  const auto laptops = laptops_of(connection, next);
  if (!laptops) return tl::unexpected(laptops.error());
  if (laptops->empty()) return Made();
  if (auto done = change(connection, sql::kReplaceException, {column_of(now), next.by, next.about, sites}); !done)
    return tl::unexpected(done.error());
  const auto standing = read_standing(connection, now);
  if (!standing) return tl::unexpected(standing.error());
  const auto beside = std::count_if(standing->begin(), standing->end(),
                                    [&](const DeskException& one) { return share_laptops(one, next); });
  if (static_cast<std::size_t>(beside) >= exchange::kMostExceptions)
    return refused("A laptop keeps " + std::to_string(exchange::kMostExceptions) +
                   " exceptions at the most. Close one first.");
  if (auto done = change(
          connection, sql::kAddException,
          {next.id, next.about, exchange::write_notice({next.id, exception}), sites, column_of(now), column_of(ends)});
      !done)
    return tl::unexpected(done.error());
  for (const Laptop& laptop : *laptops) {
    if (auto told = Telling(connection, laptop.number, now).that_it_stands(next); !told)
      return tl::unexpected(told.error());
  }
  return Made{next.id, laptops->size()};
}

Result<void> close_exception(Connection& connection, const std::string& id, const std::string& by, Now now) {
  if (auto locked = lock(connection, sql::postgres::kLockExceptions); !locked) return locked;
  const auto standing = read_standing(connection, now);
  if (!standing) return tl::unexpected(standing.error());
  const auto found =
      std::find_if(standing->begin(), standing->end(), [&](const DeskException& one) { return one.id == id; });
  if (found == standing->end()) return fail(Errc::not_found, Side::client, "it is closed already");
  if (auto done = change(connection, sql::kCloseException, {column_of(now), by, id}); !done) return done;
  if (auto done = change(connection, sql::kTakeDownException, {id}); !done) return done;
  const auto laptops = laptops_of(connection, *found);
  if (!laptops) return tl::unexpected(laptops.error());
  for (const Laptop& laptop : *laptops) {
    Telling telling(connection, laptop.number, now);
    if (auto told = telling.that_it_ends(*found, by); !told) return told;
    for (const DeskException& other : *standing) {
      if (other.id == id || other.about != found->about || !is_for_site(other.sites, laptop.site)) continue;
      if (auto told = telling.that_it_stands(other); !told) return told;
    }
  }
  return {};
}

Result<void> tell_what_stands(Connection& connection, const std::string& device, std::optional<std::int64_t> from_site,
                              Now now) {
  if (auto locked = lock(connection, sql::postgres::kReadExceptions); !locked) return locked;
  const auto where = connection.run(sql::kWhereLaptopIs, {device});
  if (!where) return tl::unexpected(where.error());
  if (where->empty()) return {};
  const std::string group = text_at(where->front(), 1);
  const std::int64_t site = number_at(where->front(), 2);
  auto standing = read_standing(connection, now);
  if (!standing) return tl::unexpected(standing.error());
  std::erase_if(*standing, [&](const DeskException& one) { return !is_for_group(one.exception, group); });
  Telling telling(connection, number_at(where->front(), 0), now);
  for (const DeskException& one : *standing) {
    if (!from_site || !is_for_site(one.sites, *from_site) || is_for_site(one.sites, site)) continue;
    if (auto told = telling.that_it_ends(one, one.by); !told) return told;
  }
  for (const DeskException& one : *standing) {
    if (!is_for_site(one.sites, site)) continue;
    if (auto told = telling.that_it_stands(one); !told) return told;
  }
  return {};
}

Result<std::vector<DeskException>> read_standing(Connection& connection, Now now) {
  return from_rows(connection.run(sql::kStanding, {column_of(now)}));
}

Result<std::vector<DeskException>> read_over(Connection& connection, Now now, std::size_t limit) {
  return from_rows(connection.run(sql::kOver, {column_of(now), column_of(limit)}));
}

Result<void> count_unheard(Connection& connection, std::vector<DeskException>& exceptions) {
  const auto rows = connection.run(sql::kUnheard, {});
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    const auto found = std::find_if(exceptions.begin(), exceptions.end(),
                                    [&](const DeskException& one) { return one.id == text_at(row, 0); });
    if (found != exceptions.end()) found->unheard = count_at(row, 1);
  }
  return {};
}

Result<void> name_sites(Connection& connection, std::vector<DeskException>& exceptions) {
  const auto rows = connection.run(sql::kSiteNames, {});
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    const std::string number = std::to_string(number_at(row, 0));
    for (DeskException& one : exceptions)
      if (names_site(one.sites, number)) one.site_names.push_back(text_at(row, 1));
  }
  return {};
}

bool is_within(const DeskException& exception, const std::string& sites) {
  if (exception.sites.empty()) return false;
  const auto all = sites_of(exception.sites);
  return std::all_of(all.begin(), all.end(), [&](const std::string& site) { return names_site(sites, site); });
}

}  // namespace fairlead::agent::hub
