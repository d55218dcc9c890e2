#include "agent/hub/scope.hpp"

#include <algorithm>

#include "agent/hub/database.hpp"
#include "agent/hub/scope_sql.hpp"
#include "agent/hub/sql.hpp"

namespace fairlead::agent::hub {
namespace {

constexpr std::string_view kNoSite = "-1";

std::string filled(std::string_view text, bool postgres, const std::string& numbers) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += filled(postgres ? sql::postgres::kLookedAtHere : sql::sqlite::kLookedAtHere, postgres, numbers);
    } else if (c == '^') {
      out += filled(postgres ? sql::postgres::kHoldsHere : sql::sqlite::kHoldsHere, postgres, numbers);
    } else if (c == '%') {
      out += numbers;
    } else if (c == '@') {
      out += postgres ? "" : "main.";
    } else {
      out += c;
    }
  }
  return out;
}

/// One after the other, so that a list is read in the order of an index however many sites there are.
std::string incidents_of_each(const std::vector<std::string>& numbers) {
  std::string out;
  for (const std::string& number : numbers) {
    if (!out.empty()) out += " UNION ALL ";
    out.append(sql::postgres::kIncidentsOfSite).append(number);
  }
  return out;
}

std::string view(std::string_view table, const std::string& rows) {
  return "CREATE TEMP VIEW " + std::string(table) + " AS " + rows + ";";
}

template <class Names>
bool holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<Narrowed> narrow(Connection& connection, const std::vector<std::string>& sites) {
  Narrowed out;
  std::vector<std::string> numbers;
  for (const std::string& site : sites) {
    const auto found = connection.run(sql::kSite, {site});
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) {
      out.all_known = false;
    } else {
      numbers.push_back(std::to_string(number_at(found->front(), 0)));
    }
  }
  if (numbers.empty()) numbers.emplace_back(kNoSite);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  for (const std::string& number : numbers) out.sites += (out.sites.empty() ? "" : ",") + number;
  const bool postgres = connection.dialect() == Dialect::postgres;
  std::string text;
  for (const sql::View& one : sql::kViews) {
    const bool merged = postgres && one.table == "incidents";
    text += view(one.table, merged ? incidents_of_each(numbers) : filled(one.rows, postgres, out.sites));
  }
  for (const std::string_view table : sql::kHidden)
    text += view(table, filled("SELECT * FROM @", postgres, {}).append(table) + " WHERE 1 = 0");
  if (auto done = connection.execute(text); !done) return tl::unexpected(std::move(done).error());
  return out;
}

std::optional<Readable> readable(std::string_view table) {
  const bool of_sites =
      std::any_of(sql::kViews.begin(), sql::kViews.end(), [&](const sql::View& one) { return one.table == table; });
  if (of_sites) return Readable::of_sites;
  if (holds(sql::kHidden, table)) return Readable::nothing;
  if (holds(sql::kOpen, table)) return Readable::everything;
  return std::nullopt;
}

}  // namespace fairlead::agent::hub
