#include "agent/events/derived.hpp"

#include <algorithm>
#include <array>

#include "agent/events/chain.hpp"
#include "agent/events/entry_check.hpp"
#include "agent/events/incidents_table.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/row_check.hpp"
#include "agent/events/sql.hpp"
#include "agent/events/time_column.hpp"

namespace fairlead::agent::events {
namespace {

/// Less is how events of one moment, or a clock that is kept right over the network, come to stand.
constexpr auto kSetBack = std::chrono::minutes(1);
constexpr std::size_t kMostNotes = 20;
constexpr int kIncidentColumn = kEventShape.erased() + 1;

std::string incident_name(std::uint64_t incident) { return "incident " + std::to_string(incident); }

/// Words that this program does not write were read as others.
bool has_known_words(const Statement& row, const Course& read) {
  return row.bytes_at(9) == to_string(read.incident.pattern) && row.bytes_at(10) == to_string(read.incident.weighed) &&
         row.bytes_at(11) == to_string(read.incident.state);
}

}  // namespace

void Derived::note_clock(const Shape& shape, std::uint64_t sequence, TimePoint time, std::vector<std::string>& notes) {
  TimePoint& before = times_[shape.name];
  if (sequence > 1 && time + kSetBack < before && notes_++ < kMostNotes)
    notes.push_back(events::name_of(shape, sequence) + ": the clock was set back before it, by " +
                    std::to_string(std::chrono::duration_cast<std::chrono::seconds>(before - time).count()) +
                    " seconds");
  before = time;
}

void Derived::add_event(const Statement& row, bool erased, std::vector<std::string>& notes) {
  const Stored stored = stored_at(row);
  const Event& event = stored.event;
  note_clock(kEventShape, stored.sequence, event.time, notes);
  clock_.move(event.time, stored.sequence == 1);
  const Place place = place_from(stored.incident, row.integer_at(kIncidentColumn + 1));
  incident_of_.push_back(place.incident);
  Sum& sum = sums_[{day_of(event.time), event.category, event.group, std::string(to_string(event.kind))}];
  if (sum.events++ == 0) sum.first = stored.sequence;
  sum.last = stored.sequence;
  if (event.navigation == Navigation::yes) ++sum.navigations;
  if (place.incident == 0) return;
  Course& course = courses_[place.incident];
  course.incident.number = place.incident;
  fold(course,
       {stored.sequence, event.time, clock_.lived, event.navigation, event.group, event.category, event.risk,
        event.severity, event.review, 0, 0, erased},
       place);
  if (!erased) course.incident.person = event.person;
}

void Derived::add_report(const Statement& row, std::vector<std::string>& notes) {
  note_clock(kReportShape, row.integer_at(0), time_from(row.integer_at(3)), notes);
  const std::uint64_t event = row.integer_at(2);
  if (event == 0 || event > incident_of_.size()) return;
  const auto course = courses_.find(incident_of_[static_cast<std::size_t>(event - 1)]);
  if (course == courses_.end()) return;
  ++course->second.incident.reports;
  course->second.incident.changed = std::max(course->second.incident.changed, time_from(row.integer_at(3)));
}

void Derived::add_entry(const Statement& row, std::vector<std::string>& notes) {
  note_clock(kEntryShape, row.integer_at(0), time_from(row.integer_at(2)), notes);
  const auto course = courses_.find(row.integer_at(3));
  if (course == courses_.end()) return;
  Incident& incident = course->second.incident;
  if (const auto state = state_from(row.bytes_at(7))) incident.state = *state;
  if (changes_incident(row.bytes_at(5))) incident.changed = std::max(incident.changed, time_from(row.integer_at(2)));
}

Result<std::string> Derived::check(const Database& database) const {
  for (const auto part :
       {&Derived::check_incidents, &Derived::check_totals, &Derived::check_clock, &Derived::check_texts}) {
    auto checked = (this->*part)(database);
    if (!checked || !checked->empty()) return checked;
  }
  return std::string();
}

Result<std::string> Derived::check_incidents(const Database& database) const {
  auto rows = database.prepare(sql::kAllIncidents);
  if (!rows) return tl::unexpected(std::move(rows).error());
  auto next = courses_.begin();
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    const std::uint64_t number = *found ? rows->integer_at(0) : 0;
    if (next != courses_.end() && (!*found || next->first < number))
      return incident_name(next->first) + ": the row is missing";
    if (!*found) return std::string();
    if (next == courses_.end() || next->first != number)
      return incident_name(number) + ": the row is there, and no event belongs to it";
    const Course lies = course_at(*rows);
    Course made = next->second;
    if (made.unerased == 0) made.person.reset();
    if (made.person && lies.person) made.person = lies.person;  // by name instead: numbers are the file's own
    std::string_view differs = difference(made, lies);
    if (differs.empty() && !has_known_words(*rows, lies)) differs = "state or pattern";
    if (differs.empty() && made.person && made.incident.person != lies.incident.person) differs = "person";
    if (!differs.empty())
      return incident_name(number) + ": its " + std::string(differs) + " is not what its events and reviews make";
    ++next;
  }
}

Result<std::string> Derived::check_totals(const Database& database) const {
  auto rows = database.prepare(sql::kAllTotals);
  if (!rows) return tl::unexpected(std::move(rows).error());
  std::size_t count = 0;
  for (;;) {
    const auto found = rows->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) break;
    ++count;
    const auto sum = sums_.find({static_cast<std::int64_t>(rows->integer_at(0)), std::string(rows->bytes_at(1)),
                                 std::string(rows->bytes_at(2)), std::string(rows->bytes_at(3))});
    const Sum lies{rows->integer_at(4), rows->integer_at(5), rows->integer_at(6), rows->integer_at(7)};
    if (sum == sums_.end() || sum->second != lies)
      return "total " + std::to_string(count) + " (" + std::string(rows->bytes_at(1)) +
             "): it is not what the events make";
  }
  if (count == sums_.size()) return std::string();
  return "totals: there are " + std::to_string(count) + " rows where the events make " + std::to_string(sums_.size());
}

Result<std::string> Derived::check_texts(const Database& database) const {
  auto row = database.prepare(sql::kStrayTexts);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::string();
  return std::string(row->bytes_at(0)) + " " + std::to_string(row->integer_at(1)) + ": the text is no row's";
}

Result<std::string> Derived::check_clock(const Database& database) const {
  auto row = database.prepare(sql::kReadClock);
  if (!row) return tl::unexpected(std::move(row).error());
  const auto found = row->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::string("clock: the row is missing");
  const Clock lies{time_from(row->integer_at(0)), Lived(static_cast<std::int64_t>(row->integer_at(1)))};
  return lies == clock_ ? std::string() : std::string("clock: it is not what the events make");
}

}  // namespace fairlead::agent::events
