#include "agent/hub/desk_incidents.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "agent/hub/courses.hpp"
#include "agent/hub/desk_sql.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Incident;
using events::IncidentFilter;

constexpr std::int64_t kEveryIncident = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kFewHosts = 10'000, kFewIncidents = 20'000;
constexpr std::size_t kNameColumns = 34;  // the columns after those of a course

Incident incident_at(const Row& row) {
  Incident incident = course_at(row).incident;
  incident.person = text_at(row, kNameColumns);
  incident.host = text_at(row, kNameColumns + 1);
  incident.device = text_at(row, kNameColumns + 2);
  return incident;
}

std::int64_t column_of_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(limit, static_cast<std::uint64_t>(kEveryIncident)));
}

/// Everything but the host, limit and offset. Nothing: no incident can fit.
Result<std::optional<Row>> parameters_of(Connection& connection, const IncidentFilter& filter) {
  std::int64_t person = -1;
  if (!filter.person.empty()) {
    const auto number = person_shown(connection, filter.person);
    if (!number) return tl::unexpected(number.error());
    if (!*number) return std::nullopt;
    person = **number;
  }
  return Row{column_of(filter.since.value_or(Now::min())),
             column_of(filter.until.value_or(Now::max())),
             person,
             filter.category,
             filter.risk,
             filter.severity,
             filter.group,
             filter.state ? std::string(to_string(*filter.state)) : std::string(),
             std::int64_t{filter.open_only},
             std::int64_t{filter.without_background},
             column_of(filter.changed_after.value_or(Now::min()))};
}

/// What to ask, and with what.
struct Question {
  std::string_view sql;
  Row parameters;
  bool common_host = false;
};

struct Wordings {
  std::string_view any, of_few_hosts, of_common_host;
};

/// Nothing: no incident can fit.
Result<std::optional<Question>> question_for(Connection& connection, const IncidentFilter& filter,
                                             const Wordings& wordings) {
  auto parameters = parameters_of(connection, filter);
  if (!parameters) return tl::unexpected(parameters.error());
  if (!*parameters) return std::nullopt;
  Question out{wordings.any, std::move(**parameters), false};
  if (filter.words.empty()) return out;
  const auto few = incidents_of_host(connection, filter.words);
  if (!few) return tl::unexpected(few.error());
  if (*few && (*few)->empty()) return std::nullopt;
  out.common_host = !*few;
  out.sql = *few ? wordings.of_few_hosts : wordings.of_common_host;
  out.parameters.emplace_back(*few ? list_of(connection, **few) : filter.words);
  return out;
}

/// Nothing: there are more than `most`.
Result<std::optional<std::vector<std::int64_t>>> numbers_of(Connection& connection, std::string_view sql,
                                                            const std::string& of, std::size_t most) {
  const auto rows = connection.run(sql, {of, column_of(most + 1)});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->size() > most) return std::nullopt;
  std::vector<std::int64_t> out;
  out.reserve(rows->size());
  for (const Row& row : *rows) out.push_back(number_at(row, 0));
  return out;
}

/// Calls `row` for each row of a statement about days.
Result<void> each_day(Connection& connection, std::string_view sql, Now since, Now until,
                      const std::function<void(const Row&)>& row) {
  const std::int64_t before = std::chrono::ceil<std::chrono::days>(until).time_since_epoch().count();
  const auto rows = connection.run(sql, {events::day_of(since), before});
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& one : *rows) row(one);
  return {};
}

}  // namespace

std::string list_of(const Connection& connection, const std::vector<std::int64_t>& numbers) {
  const bool array = connection.dialect() == Dialect::postgres;
  std::string out(1, array ? '{' : '[');
  for (const std::int64_t number : numbers) {
    if (out.size() > 1) out += ',';
    out += std::to_string(number);
  }
  return out + (array ? '}' : ']');
}

Result<std::optional<std::int64_t>> person_shown(Connection& connection, const std::string& name) {
  const auto rows = connection.run(sql::kPersonShown, {name});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return number_at(rows->front(), 0);
}

Result<std::optional<std::vector<std::int64_t>>> incidents_of_host(Connection& connection, const std::string& words) {
  const auto hosts = numbers_of(connection, sql::kHostsWith, words, kFewHosts);
  if (!hosts) return tl::unexpected(hosts.error());
  if (!*hosts || (*hosts)->empty()) return *hosts;
  return numbers_of(connection, in(connection, sql::sqlite::kIncidentsOfHosts, sql::postgres::kIncidentsOfHosts),
                    list_of(connection, **hosts), kFewIncidents);
}

Result<std::vector<Incident>> read_incidents(Connection& connection, const IncidentFilter& filter) {
  std::vector<Incident> out;
  auto question = question_for(
      connection, filter,
      {sql::kIncidents, in(connection, sql::sqlite::kIncidentsOfFewHosts, sql::postgres::kIncidentsOfFewHosts),
       sql::kIncidentsOfCommonHost});
  if (!question) return tl::unexpected(question.error());
  if (!*question) return out;
  Row& parameters = (*question)->parameters;
  parameters.emplace_back(column_of_limit(filter.limit));
  parameters.emplace_back(column_of_limit(filter.offset));
  const auto rows = connection.run((*question)->sql, parameters);
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) out.push_back(incident_at(row));
  return out;
}

Result<std::uint64_t> read_incident_count(Connection& connection, const IncidentFilter& filter) {
  auto question =
      question_for(connection, filter,
                   {sql::kCountIncidents,
                    in(connection, sql::sqlite::kCountIncidentsOfFewHosts, sql::postgres::kCountIncidentsOfFewHosts),
                    sql::kCountIncidentsOfCommonHost});
  if (!question) return tl::unexpected(question.error());
  if (!*question) return 0;
  Row& parameters = (*question)->parameters;
  if ((*question)->common_host) parameters.emplace_back(column_of(events::kMostCounted));
  const auto rows = connection.run((*question)->sql, parameters);
  if (!rows) return tl::unexpected(rows.error());
  return count_at(rows->front(), 0);
}

Result<Incident> read_incident(Connection& connection, std::uint64_t number) {
  const auto rows = connection.run(sql::kIncident, {column_of(number)});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return fail(Errc::not_found, Side::local, "there is no incident with this number");
  return incident_at(rows->front());
}

Result<events::Totals> read_totals(Connection& connection, Now since, Now until) {
  events::Totals out;
  const std::pair<std::string_view, std::function<void(const Row&)>> parts[] = {
      {sql::kTotals,
       [&](const Row& row) {
         out.events.push_back({number_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3), count_at(row, 4),
                               count_at(row, 5)});
       }},
      {sql::kReportsOfDays,
       [&](const Row& row) {
         out.reports.push_back({number_at(row, 0), text_at(row, 1), count_at(row, 2)});
       }},
      {sql::kStatesOfDays, [&](const Row& row) {
         if (const auto state = events::state_from(text_at(row, 0)))
           out.incidents.at(static_cast<std::size_t>(*state)) = count_at(row, 1);
       }}};
  for (const auto& [sql, row] : parts) {
    if (auto read = each_day(connection, sql, since, until, row); !read) return tl::unexpected(std::move(read).error());
  }
  return out;
}

Result<events::IncidentSummary> read_summary(Connection& connection, Now since, Now until) {
  events::IncidentSummary out;
  const auto begun = connection.run(sql::kIncidentsBegun, {column_of(since), column_of(until)});
  if (!begun) return tl::unexpected(begun.error());
  for (const Row& row : *begun) {
    if (const auto state = events::state_from(text_at(row, 1)))
      out.begun.push_back({count_at(row, 0), *state, time_at(row, 2)});
  }
  const auto open = connection.run(sql::kIncidentsOpen, {});
  if (!open) return tl::unexpected(open.error());
  out.open = count_at(open->front(), 0);
  if (out.open > 0) out.oldest_open = time_at(open->front(), 1);
  return out;
}

Result<std::vector<events::Member>> read_members(Connection& connection) {
  const auto rows = connection.run(sql::kMembers, {});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<events::Member> out;
  for (const Row& row : *rows) out.push_back({text_at(row, 0), text_at(row, 1)});
  return out;
}

}  // namespace fairlead::agent::hub
