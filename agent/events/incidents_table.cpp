#include "agent/events/incidents_table.hpp"

#include <algorithm>
#include <utility>

#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

TimePoint time_at(const Statement& row, int column) { return time_from(row.integer_at(column)); }

Lived lived_at(const Statement& row, int column) { return Lived(static_cast<std::int64_t>(row.integer_at(column))); }

std::uint64_t bits(Lived lived) { return static_cast<std::uint64_t>(lived.count()); }

}  // namespace

Course course_at(const Statement& row) {
  Course course;
  Incident& incident = course.incident;
  incident.number = row.integer_at(0);
  if (!row.null_at(1)) course.person = row.integer_at(1);
  incident.group = row.bytes_at(2);
  incident.category = row.bytes_at(3);
  incident.categories = path_from(row.bytes_at(4));
  incident.risk = row.bytes_at(5);
  course.gravest = row.bytes_at(6);
  incident.severity = row.bytes_at(7);
  incident.review = row.bytes_at(8);
  // Unknown words are only met in a store that somebody edited; verify() names those.
  incident.pattern = pattern_from(row.bytes_at(9)).value_or(Pattern::single);
  incident.weighed = weighed_from(row.bytes_at(10)).value_or(Weighed::category);
  incident.state = state_from(row.bytes_at(11)).value_or(State::fresh);
  incident.first = time_at(row, 12);
  incident.last = time_at(row, 13);
  incident.changed = time_at(row, 14);
  incident.count = row.integer_at(15);
  incident.navigations = row.integer_at(16);
  incident.days = row.integer_at(17);
  course.hosts = row.integer_at(18);
  incident.reports = row.integer_at(19);
  course.unerased = row.integer_at(20);
  course.visit = row.integer_at(21);
  course.visited = lived_at(row, 22);
  course.visit_day = static_cast<std::int64_t>(row.integer_at(23));
  course.began = time_at(row, 24);
  course.began_at = lived_at(row, 25);
  course.reached = lived_at(row, 26);
  course.visit_host = row.integer_at(27);
  incident.person = row.bytes_at(28);
  incident.host = row.bytes_at(29);
  incident.erased = course.unerased == 0;
  return course;
}

Result<void> write_course(Statement& write, const Course& course) {
  const Incident& incident = course.incident;
  const std::string path = path_text(incident.categories);
  write.integer(incident.number);
  if (course.person) {
    write.integer(*course.person);
  } else {
    write.null();
  }
  write.text(incident.group).text(incident.category).text(path).text(incident.risk).text(course.gravest);
  write.text(incident.severity).text(incident.review).text(to_string(incident.pattern));
  write.text(to_string(incident.weighed)).text(to_string(incident.state));
  write.integer(column_from(incident.first)).integer(column_from(incident.last)).integer(column_from(incident.changed));
  write.integer(incident.count).integer(incident.navigations).integer(incident.days).integer(course.hosts);
  write.integer(incident.reports).integer(course.unerased).integer(course.visit).integer(bits(course.visited));
  write.integer(static_cast<std::uint64_t>(course.visit_day)).integer(column_from(course.began));
  write.integer(bits(course.began_at)).integer(bits(course.reached));
  return write.run();
}

std::string_view difference(const Course& one, const Course& other) {
  const Incident& a = one.incident;
  const Incident& b = other.incident;
  const std::pair<std::string_view, bool> checks[] = {
      {"person", one.person == other.person},
      {"group", a.group == b.group},
      {"category", a.category == b.category},
      {"categories", path_text(a.categories) == path_text(b.categories)},
      {"risk", a.risk == b.risk},
      {"severity", a.severity == b.severity && one.gravest == other.gravest && a.weighed == b.weighed},
      {"review", a.review == b.review},
      {"pattern", a.pattern == b.pattern},
      {"state", a.state == b.state},
      {"times", a.first == b.first && a.last == b.last && one.began == other.began && one.began_at == other.began_at &&
                    one.reached == other.reached && one.visited == other.visited && one.visit_day == other.visit_day},
      {"time of the last change", a.changed == b.changed},
      {"counts", a.count == b.count && a.navigations == b.navigations && a.days == b.days && a.reports == b.reports &&
                     one.hosts == other.hosts && one.unerased == other.unerased},
      {"latest visit", one.visit == other.visit},
  };
  const auto* differs =
      std::find_if(std::begin(checks), std::end(checks), [](const auto& one_of) { return !one_of.second; });
  return differs == std::end(checks) ? std::string_view() : differs->first;
}

Result<IncidentsTable> IncidentsTable::open(const Database& database, std::uint64_t base) {
  auto to_join = database.prepare(sql::kIncidentsToJoin);
  if (!to_join) return tl::unexpected(std::move(to_join).error());
  auto has_host = database.prepare(sql::kHasHost);
  if (!has_host) return tl::unexpected(std::move(has_host).error());
  auto write = database.prepare(sql::kWriteIncident);
  if (!write) return tl::unexpected(std::move(write).error());
  IncidentsTable table(
      database, base,
      std::make_unique<Statements>(Statements{std::move(*to_join), std::move(*has_host), std::move(*write)}));
  if (auto read = table.refresh(); !read) return tl::unexpected(std::move(read).error());
  return table;
}

Result<void> IncidentsTable::refresh() {
  const auto last = database_->number(sql::kLastIncident);
  if (!last) return tl::unexpected(last.error());
  last_ = std::max(base_, *last);
  return {};
}

Result<Place> IncidentsTable::place(const Seen& seen) {
  std::vector<Course> open;
  Statement& rows = statements_->to_join;
  rows.reset();
  statements_->has_host.reset();
  rows.integer(seen.person).text(seen.group).text(seen.category).integer(bits(seen.lived - kRepeatWithin));
  for (;;) {
    const auto row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    open.push_back(course_at(rows));
  }
  rows.reset();
  Place place = choose(open, seen);
  Course course;
  if (place.incident == 0) {
    place.incident = course.incident.number = ++last_;
  } else {
    course = *std::find_if(open.begin(), open.end(),
                           [&](const Course& one) { return one.incident.number == place.incident; });
  }
  const bool noise = !place.visit && course.incident.navigations == 0;
  if (noise && seen.host != 0 && course.hosts < kSeveralHosts) {
    const auto known = statements_->has_host.integer(seen.host).integer(place.incident).step();
    if (!known) return tl::unexpected(known.error());
    place.new_host = !*known;
    statements_->has_host.reset();
  }
  fold(course, seen, place);
  if (auto written = write_course(statements_->write, course); !written) return tl::unexpected(written.error());
  return place;
}

}  // namespace fairlead::agent::events
