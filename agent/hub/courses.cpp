#include "agent/hub/courses.hpp"

#include <algorithm>

#include "agent/hub/taking_sql.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Course;
using events::Incident;
using events::Lived;

/// Above every number that a database gives.
constexpr std::uint64_t kFresh = std::uint64_t{1} << 62U;
constexpr std::size_t kFirstDay = 27, kMerged = 33;  // columns after those of a course

Lived lived_at(const Row& row, std::size_t column) { return Lived(number_at(row, column)); }

}  // namespace

Course course_at(const Row& row) {
  Course course;
  Incident& incident = course.incident;
  incident.number = count_at(row, 0);
  if (!null_at(row, 1)) course.person = count_at(row, 1);
  incident.group = text_at(row, 3);
  incident.category = text_at(row, 4);
  incident.categories = events::path_from(text_at(row, 5));
  incident.risk = text_at(row, 6);
  course.gravest = text_at(row, 7);
  incident.severity = text_at(row, 8);
  incident.review = text_at(row, 9);
  incident.pattern = events::pattern_from(text_at(row, 10)).value_or(events::Pattern::single);
  incident.weighed = events::weighed_from(text_at(row, 11)).value_or(events::Weighed::category);
  incident.state = events::state_from(text_at(row, 12)).value_or(events::State::fresh);
  incident.first = time_at(row, 13);
  incident.last = time_at(row, 14);
  incident.changed = time_at(row, 15);
  incident.count = count_at(row, 16);
  incident.navigations = count_at(row, 17);
  incident.days = count_at(row, 18);
  course.hosts = count_at(row, 19);
  incident.reports = count_at(row, 20);
  course.visit_host = count_at(row, 21);
  course.visited = lived_at(row, 22);
  course.visit_day = number_at(row, 23);
  course.began = time_at(row, 24);
  course.began_at = lived_at(row, 25);
  course.reached = lived_at(row, 26);
  incident.merged = count_at(row, kMerged);
  incident.erased = !course.person;
  return course;
}

Courses::Key Courses::key_of(const Arrived& event) {
  const events::Event& told = event.stored->event;
  if (!told.person.empty()) return {event.person, true, "", ""};
  return {event.person, false, told.group, told.category};
}

Result<void> Courses::open(const std::vector<Arrived>& events) {
  std::map<Key, Lived> since;
  for (const Arrived& event : events) {
    const Lived lived = event.moment.time_since_epoch() - events::kRepeatWithin;
    const auto [at, fresh] = since.emplace(key_of(event), lived);
    if (!fresh) at->second = std::min(at->second, lived);
  }
  std::vector<Row> wanted;
  std::set<std::int64_t> unknown;
  for (const auto& [key, from] : since) {
    const auto& [person, known, group, category] = key;
    Row row{person, std::int64_t{from.count()}};
    if (known) {
      row.resize(4);
    } else {
      row.emplace_back(group);
      row.emplace_back(category);
      unknown.insert(person);
    }
    row.emplace_back(site_);
    wanted.push_back(std::move(row));
    groups_[key];
  }
  const auto rows =
      connection_.run_for(in(connection_, sql::sqlite::kOpenCourses, sql::postgres::kOpenCourses), wanted);
  if (!rows) return tl::unexpected(rows.error());
  for (const Row& row : *rows) {
    Course course = course_at(row);
    Kept kept{number_at(row, 1), number_at(row, 2), number_at(row, kFirstDay), {}, false, false};
    for (std::size_t i = 0; i < kept.last_days.size(); ++i) kept.last_days.at(i) = number_at(row, kFirstDay + 1 + i);
    const bool known = !unknown.contains(kept.person);
    const Incident& incident = course.incident;
    const Key key = known ? Key{kept.person, true, "", ""} : Key{kept.person, false, incident.group, incident.category};
    kept_.emplace(course.incident.number, kept);
    groups_[key].courses.push_back(std::move(course));
  }
  return {};
}

/// What comes late, after later events of the person were here, is no second try of those and no part of their pages.
events::Place Courses::choose(const Group& group, const events::Seen& seen) const {
  const bool late = std::any_of(group.courses.begin(), group.courses.end(), [&](const Course& course) {
    return seen.lived < course.visited || seen.lived < course.began_at;
  });
  if (!late) return events::choose(group.courses, seen);
  std::vector<Course> open;
  for (const Course& course : group.courses) {
    if (seen.lived < course.began_at - events::kRepeatWithin) continue;
    open.push_back(course);
    if (seen.lived < course.visited) open.back().visited = Lived(0);
  }
  return events::choose(open, seen);
}

Result<bool> Courses::has_host(const Course& course, std::int64_t host) {
  const std::uint64_t number = course.incident.number;
  if (hosts_.contains({host, number})) return true;
  if (number >= kFresh) return false;
  const auto found = connection_.run(sql::kHasHost, {host, column_of(number)});
  if (!found) return tl::unexpected(found.error());
  return !found->empty();
}

Result<std::size_t> Courses::place(const Arrived& event, std::size_t with) {
  const events::Event& told = event.stored->event;
  Group& group = groups_[key_of(event)];
  const events::Seen seen{event.sequence(),
                          event.time(),
                          event.moment.time_since_epoch(),
                          told.navigation,
                          told.group,
                          told.category,
                          told.risk,
                          told.severity,
                          told.review,
                          told.person.empty() ? 0 : static_cast<std::uint64_t>(event.person),
                          static_cast<std::uint64_t>(event.host),
                          false};
  events::Place place = choose(group, seen);
  auto& courses = group.courses;
  // By itself it might have joined another: then nothing would stand for it there.
  if (with != 0) place.incident = with;
  if (place.incident == 0) {
    place.incident = kFresh + fresh_++;
    Course course;
    course.incident.number = place.incident;
    courses.insert(courses.begin(), std::move(course));
    kept_.emplace(place.incident, Kept{event.person, device_, event.part.day, {}, true, false});
  }
  const auto at = std::find_if(courses.begin(), courses.end(),
                               [&](const Course& one) { return one.incident.number == place.incident; });
  Course& course = *at;
  if (!place.visit && course.incident.navigations == 0 && seen.host != 0 && course.hosts < events::kSeveralHosts) {
    const auto known = has_host(course, event.host);
    if (!known) return tl::unexpected(known.error());
    place.new_host = !*known;
  }
  const Lived visited = course.visited;
  const std::uint64_t visit_host = course.visit_host;
  events::fold(course, seen, place);
  course.incident.merged += event.merged == nullptr ? 0 : 1;
  if (course.visited < visited) {
    course.visited = visited;
    course.visit_host = visit_host;
  }
  if (event.host != 0) hosts_.emplace(event.host, place.incident);
  Kept& kept = kept_[place.incident];
  kept.changed = true;
  kept.device = device_;
  kept.first_day = std::min(kept.first_day, event.part.day);
  std::int64_t& last = kept.last_days.at(event.part.kept);
  last = std::max(last, event.part.day);
  // The one that was reached last stands first.
  const auto before =
      std::find_if(courses.begin(), at, [&](const Course& one) { return one.reached <= course.reached; });
  std::rotate(before, at, at + 1);
  return static_cast<std::size_t>(place.incident);
}

std::int64_t Courses::number_of(std::size_t mark) const {
  return mark < kFresh ? column_of(std::uint64_t{mark}) : numbers_.at(static_cast<std::size_t>(mark - kFresh));
}

Row Courses::row_of(const Course& course, const Kept& kept) const {
  const Incident& incident = course.incident;
  Row out{number_of(incident.number),
          kept.person,
          kept.device,
          incident.group,
          incident.category,
          events::path_text(incident.categories),
          incident.risk,
          course.gravest,
          incident.severity,
          incident.review,
          std::string(to_string(incident.pattern)),
          std::string(to_string(incident.weighed)),
          std::string(to_string(incident.state)),
          column_of(incident.first),
          column_of(incident.last),
          column_of(incident.changed),
          column_of(incident.count),
          column_of(incident.navigations),
          column_of(incident.days),
          column_of(course.hosts),
          column_of(incident.reports),
          column_of(course.visit_host),
          std::int64_t{course.visited.count()},
          course.visit_day,
          column_of(course.began),
          std::int64_t{course.began_at.count()},
          std::int64_t{course.reached.count()},
          kept.first_day};
  for (const std::int64_t day : kept.last_days) out.emplace_back(day);
  out.emplace_back(column_of(incident.merged));
  out.emplace_back(site_);
  return out;
}

Row Courses::changes_of(const Course& course, const Kept& kept) {
  const Incident& incident = course.incident;
  Row out{kept.device,
          incident.category,
          events::path_text(incident.categories),
          incident.risk,
          course.gravest,
          incident.severity,
          incident.review,
          std::string(to_string(incident.pattern)),
          std::string(to_string(incident.weighed)),
          column_of(incident.first),
          column_of(incident.last),
          column_of(incident.changed),
          column_of(incident.count),
          column_of(incident.navigations),
          column_of(incident.days),
          column_of(course.hosts),
          column_of(course.visit_host),
          std::int64_t{course.visited.count()},
          course.visit_day,
          std::int64_t{course.reached.count()},
          kept.first_day};
  for (const std::int64_t day : kept.last_days) out.emplace_back(day);
  out.emplace_back(column_of(incident.merged));
  out.emplace_back(column_of(incident.number));
  return out;
}

Result<void> Courses::number_fresh() {
  if (fresh_ == 0) return {};
  const auto rows = connection_.run(in(connection_, sql::sqlite::kIncidentNumbers, sql::postgres::kIncidentNumbers),
                                    {column_of(fresh_)});
  if (!rows) return tl::unexpected(rows.error());
  if (connection_.dialect() == Dialect::sqlite) {
    for (std::uint64_t i = 1; i <= fresh_; ++i)
      numbers_.push_back(number_at(rows->front(), 0) - column_of(fresh_) + column_of(i));
  } else {
    for (const Row& row : *rows) numbers_.push_back(number_at(row, 0));
  }
  return {};
}

Result<void> Courses::write() {
  if (auto numbered = number_fresh(); !numbered) return numbered;
  std::vector<Row> fresh, changed, hosts;
  for (const auto& [key, group] : groups_) {
    for (const Course& course : group.courses) {
      const Kept& kept = kept_.at(course.incident.number);
      if (kept.fresh) {
        fresh.push_back(row_of(course, kept));
      } else if (kept.changed) {
        changed.push_back(changes_of(course, kept));
      }
    }
  }
  for (const auto& [host, incident] : hosts_) hosts.push_back({host, number_of(incident)});
  if (auto added =
          connection_.add_rows(in(connection_, sql::sqlite::kAddIncident, sql::postgres::kAddIncidents), fresh);
      !added)
    return added;
  const std::pair<std::string_view, const std::vector<Row>&> steps[] = {
      {in(connection_, sql::sqlite::kChangeIncident, sql::postgres::kChangeIncident), changed},
      {in(connection_, sql::sqlite::kAddIncidentHost, sql::postgres::kAddIncidentHost), hosts}};
  for (const auto& [sql, rows] : steps) {
    if (auto done = connection_.run_for(sql, rows); !done) return tl::unexpected(done.error());
  }
  return {};
}

}  // namespace fairlead::agent::hub
