#include "agent/hub/desk_events.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "agent/hub/database.hpp"
#include "agent/hub/desk_incidents.hpp"
#include "agent/hub/desk_sql.hpp"
#include "agent/hub/merged.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Filter;
using events::Stored;

constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
/// Days that one statement looks through: few at first, because most pages are filled by the latest.
constexpr std::size_t kFirstDays = 2, kMostDays = 16;
/// Incidents that a statement names. To name more of them takes longer than to look through the days that they fill.
constexpr std::size_t kMostNamed = 700;
/// A place in a list is a moment in milliseconds and how many events of that very moment were listed up to it.
constexpr unsigned kCountBits = 12;
constexpr std::uint64_t kMostCount = (1U << kCountBits) - 1;

template <class Enum>
Enum enum_from(std::string_view text, std::initializer_list<Enum> all, Enum otherwise) {
  const auto* found = std::find_if(all.begin(), all.end(), [&](Enum one) { return to_string(one) == text; });
  return found == all.end() ? otherwise : *found;
}

struct Listed {
  Stored stored;
  std::int64_t moment = 0;
};

/// A row of kEventColumns.
Listed listed_at(const Row& row) {
  Listed out;
  Stored& stored = out.stored;
  stored.sequence = count_at(row, 0);
  stored.epoch = count_at(row, 1);
  stored.device = text_at(row, 2);
  out.moment = number_at(row, 3);
  events::Event& event = stored.event;
  event.time = time_at(row, 4);
  event.id = text_at(row, 5);
  event.kind =
      enum_from(text_at(row, 6), {events::Kind::observed, events::Kind::malformed, events::Kind::passed_through},
                events::Kind::blocked);
  event.found = text_at(row, 7);
  event.group = text_at(row, 8);
  event.method = text_at(row, 9);
  event.navigation =
      enum_from(text_at(row, 10), {events::Navigation::yes, events::Navigation::no}, events::Navigation::unknown);
  std::size_t column = 11;
  for (std::string* field : {&event.navigation_sign, &event.category, &event.risk, &event.severity, &event.review,
                             &event.rule, &event.source, &event.level, &event.ruleset_id, &event.policy_version,
                             &event.person, &event.url, &event.host, &event.words, &event.span, &event.losers})
    *field = text_at(row, column++);
  stored.digest = bytes_at(row, column++);
  stored.erased = number_at(row, column++) != 0;
  stored.incident = count_at(row, column++);
  stored.merged = count_at(row, column++);
  stored.merged_until = time_at(row, column);
  return out;
}

Result<void> add_reports(Connection& connection, std::vector<Stored>& events) {
  std::map<std::pair<std::string, std::string>, Stored*> by_id;  // device and id
  std::vector<Row> ids;
  for (Stored& one : events) {
    by_id.emplace(std::pair(one.device, one.event.id), &one);
    ids.push_back({one.event.id});
  }
  const auto rows =
      connection.run_for(in(connection, sql::sqlite::kReportsOfEvents, sql::postgres::kReportsOfEvents), ids);
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    const auto event = by_id.find({text_at(row, 0), text_at(row, 1)});
    if (event == by_id.end()) continue;
    const auto kind = enum_from(text_at(row, 3), {events::ReportKind::accident, events::ReportKind::wrong},
                                events::ReportKind::concern);
    event->second->reports.push_back({text_at(row, 1), text_at(row, 4), kind, time_at(row, 2), text_at(row, 5)});
  }
  return {};
}

/// Days that have events, in the order in which they are walked.
Result<std::vector<std::int64_t>> days_between(Connection& connection, std::int64_t from, std::int64_t to,
                                               bool newest_first) {
  const auto rows = connection.run(sql::kDays, {from, to});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::int64_t> out;
  for (const Row& row : *rows) out.push_back(number_at(row, 0));
  if (newest_first) std::reverse(out.begin(), out.end());
  return out;
}

/// Calls `some` with the first and the last day of some days, until it says that it has enough.
Result<void> walk(const std::vector<std::int64_t>& days,
                  const std::function<Result<bool>(std::int64_t from, std::int64_t to)>& some) {
  std::size_t step = kFirstDays;
  for (std::size_t at = 0; at < days.size(); at += step, step = std::min(step * 2, kMostDays)) {
    const std::size_t last = std::min(at + step, days.size()) - 1;
    const auto enough = some(std::min(days[at], days[last]), std::max(days[at], days[last]));
    if (!enough) return tl::unexpected(enough.error());
    if (*enough) return {};
    if (last + 1 == days.size()) return {};
  }
  return {};
}

/// Everything that a filter asks for, as its statements are given it.
struct Question {
  std::int64_t from = std::numeric_limits<std::int64_t>::min(), before = kAll;  // moments
  std::int64_t person = -1;
  std::vector<std::int64_t> classes, incidents, people;  // people: of the incidents
  std::uint64_t skip = 0;  // events of the moment `at`, which were listed on the page before
  std::int64_t at = -1;
  bool nothing_fits = false;
};

Result<void> choose_classes(Connection& connection, const Filter& filter, Question& question) {
  if (filter.category.empty() && filter.risk.empty() && filter.severity.empty() && filter.group.empty() &&
      filter.kind.empty())
    return {};
  const auto rows =
      connection.run(sql::kClasses, {filter.category, filter.risk, filter.severity, filter.group, filter.kind});
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) question.classes.push_back(number_at(row, 0));
  question.nothing_fits = question.classes.empty();
  return {};
}

/// Narrows a question to the events of its incidents, and to those in none if there are any.
Result<void> look_within_incidents(Connection& connection, Question& question) {
  const std::string incidents = list_of(connection, question.incidents);
  const auto outside = connection.run(sql::kHasOutside, {});
  if (!outside) return tl::unexpected(outside.error());
  question.nothing_fits = question.incidents.empty() && outside->empty();
  if (question.nothing_fits) return {};
  const auto people =
      connection.run(in(connection, sql::sqlite::kPeopleOfIncidents, sql::postgres::kPeopleOfIncidents), {incidents});
  if (!people) return tl::unexpected(people.error());
  for (const Row& row : *people) question.people.push_back(number_at(row, 0));
  if (!outside->empty()) {
    question.incidents.push_back(0);
    return {};
  }
  const auto days =
      connection.run(in(connection, sql::sqlite::kDaysOfIncidents, sql::postgres::kDaysOfIncidents), {incidents});
  if (!days) return tl::unexpected(days.error());
  // They may have been moved to another site, or dropped, a moment ago.
  question.nothing_fits = null_at(days->front(), 0);
  if (question.nothing_fits) return {};
  constexpr std::int64_t kDay = std::chrono::milliseconds(std::chrono::days(1)).count();
  question.from = std::max(question.from, number_at(days->front(), 0) * kDay);
  question.before = std::min(question.before, (number_at(days->front(), 1) + 1) * kDay);
  return {};
}

Result<Question> question_for(Connection& connection, const Filter& filter) {
  Question out;
  if (filter.since) out.from = column_of(*filter.since);
  if (filter.until) out.before = column_of(*filter.until);
  const std::uint64_t place = filter.newest_first ? filter.before : filter.after;
  if (place != 0) {
    out.at = column_of(place >> kCountBits);
    out.skip = place & kMostCount;
    if (filter.newest_first) {
      out.before = std::min(out.before, out.at + 1);
    } else {
      out.from = std::max(out.from, out.at);
    }
  }
  if (!filter.person.empty()) {
    const auto person = person_shown(connection, filter.person);
    if (!person) return tl::unexpected(person.error());
    out.nothing_fits = !*person;
    out.person = person->value_or(-1);
  }
  if (out.nothing_fits) return out;
  if (auto chosen = choose_classes(connection, filter, out); !chosen) return tl::unexpected(chosen.error());
  if (filter.words.empty() || out.nothing_fits) return out;
  // Where few incidents have such a host, their events are found by those; the others are in none.
  auto few = incidents_of_host(connection, filter.words);
  if (!few) return tl::unexpected(few.error());
  if (!*few || (*few)->size() > kMostNamed) return out;
  out.incidents = std::move(**few);
  if (auto narrowed = look_within_incidents(connection, out); !narrowed) return tl::unexpected(narrowed.error());
  return out;
}

std::int64_t day_of_column(std::int64_t moment) { return events::day_of(Now(std::chrono::milliseconds(moment))); }

}  // namespace

Result<std::vector<Stored>> read_events(Connection& connection, const Filter& filter) {
  std::vector<Stored> out;
  const auto question = question_for(connection, filter);
  if (!question) return tl::unexpected(question.error());
  if (question->nothing_fits) return out;
  const auto days =
      days_between(connection, day_of_column(question->from), day_of_column(question->before - 1), filter.newest_first);
  if (!days) return tl::unexpected(days.error());
  const std::string_view sql = filter.newest_first
                                   ? in(connection, sql::sqlite::kEventsNewest, sql::postgres::kEventsNewest)
                                   : in(connection, sql::sqlite::kEventsOldest, sql::postgres::kEventsOldest);
  const std::string classes = list_of(connection, question->classes);
  const std::string incidents = list_of(connection, question->incidents);
  const std::string people = list_of(connection, question->people);
  std::uint64_t skip = question->skip, of_moment = question->skip;
  std::int64_t moment = question->at;
  const auto walked = walk(*days, [&](std::int64_t from, std::int64_t to) -> Result<bool> {
    const std::int64_t most =
        filter.limit == 0 ? kAll
                          : static_cast<std::int64_t>(filter.limit - out.size() + static_cast<std::size_t>(skip));
    const auto rows = connection.run(sql, {from, to, filter.severity, question->from, question->before,
                                           question->person, filter.words, classes, incidents, people, most});
    if (!rows) return tl::unexpected(rows.error());
    for (const Row& row : *rows) {
      Listed listed = listed_at(row);
      if (skip > 0 && listed.moment == question->at) {
        --skip;
        continue;
      }
      of_moment = listed.moment == moment ? std::min(of_moment + 1, kMostCount) : 1;
      moment = listed.moment;
      listed.stored.place = static_cast<std::uint64_t>(moment) << kCountBits | of_moment;
      out.push_back(std::move(listed.stored));
    }
    return filter.limit != 0 && out.size() >= filter.limit;
  });
  if (!walked) return tl::unexpected(walked.error());
  if (auto added = add_reports(connection, out); !added) return tl::unexpected(added.error());
  return out;
}

Result<Stored> read_event(Connection& connection, std::string_view id) {
  std::vector<Stored> out;
  const auto days = days_between(connection, std::numeric_limits<std::int64_t>::min(), kAll, true);
  if (!days) return tl::unexpected(days.error());
  // On no day a row that stands for another event of this name comes before the event itself.
  for (const auto& look :
       {std::pair(sql::kEventById, std::string(id)), std::pair(sql::kEventThatStandsFor, as_merged(id))}) {
    const auto walked = walk(*days, [&](std::int64_t from, std::int64_t to) -> Result<bool> {
      const auto rows = connection.run(look.first, {look.second, from, to});
      if (!rows) return tl::unexpected(rows.error());
      if (rows->empty()) return false;
      out.push_back(listed_at(rows->front()).stored);
      return true;
    });
    if (!walked) return tl::unexpected(walked.error());
    if (!out.empty()) break;
  }
  if (out.empty()) return fail(Errc::not_found, Side::local, "there is no event with this id");
  if (auto added = add_reports(connection, out); !added) return tl::unexpected(added.error());
  return std::move(out.front());
}

Result<std::vector<Stored>> read_events_of(Connection& connection, std::uint64_t incident, std::size_t limit,
                                           std::size_t offset) {
  std::vector<Stored> out;
  const auto whereabouts = connection.run(sql::kWhereabouts, {column_of(incident)});
  if (!whereabouts) return tl::unexpected(whereabouts.error());
  if (whereabouts->empty()) return out;
  Row parameters{column_of(incident)};
  parameters.insert(parameters.end(), whereabouts->front().begin(), whereabouts->front().end());
  parameters.emplace_back(limit == 0 ? kAll : column_of(limit));
  parameters.emplace_back(column_of(offset));
  const auto rows = connection.run(sql::kEventsOfIncident, parameters);
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) out.push_back(listed_at(row).stored);
  if (auto added = add_reports(connection, out); !added) return tl::unexpected(added.error());
  return out;
}

}  // namespace fairlead::agent::hub
