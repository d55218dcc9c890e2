#include "agent/events/grouping.hpp"

#include <algorithm>
#include <array>

namespace fairlead::agent::events {
namespace {

constexpr std::array<std::string_view, 5> kSeverities = {"", "low", "medium", "high", "critical"};

std::size_t rank(std::string_view severity) {
  const auto* found = std::find(kSeverities.begin(), kSeverities.end(), severity);
  return found == kSeverities.end() ? 0 : static_cast<std::size_t>(found - kSeverities.begin());
}

std::string one_step_up(std::string_view severity) {
  return std::string(kSeverities.at(std::min(rank(severity) + 1, kSeverities.size() - 1)));
}

bool is_background(const Course& course) { return course.incident.navigations == 0; }

bool on_path(const Course& course, std::string_view category) {
  if (category == course.incident.category) return true;
  const auto& path = course.incident.categories;
  return std::find(path.begin(), path.end(), category) != path.end();
}

/// The same host within two seconds is the browser's second try; of another category, it is another address there.
bool is_second_try(const Course& course, const Seen& seen) {
  return !is_background(course) && seen.host != 0 && seen.host == course.visit_host &&
         seen.lived - course.visited <= kSecondTryWithin && on_path(course, seen.category);
}

/// Something that nobody can tell, just after a visit to another host.
bool is_part_of_page(const Course& course, const Seen& seen) {
  return !is_background(course) && seen.navigation == Navigation::unknown && seen.host != course.visit_host &&
         seen.lived - course.visited <= kPageWithin;
}

/// known    whether the person is: several may be behind an incident where not.
void weigh(Course& course, bool known) {
  Incident& incident = course.incident;
  incident.weighed = Weighed::category;
  incident.severity = course.gravest;
  if (is_background(course)) {
    incident.pattern = Pattern::background;
    if (course.hosts < kSeveralHosts && course.gravest != "critical") {
      incident.weighed = Weighed::background;
      incident.severity = "low";
    }
    return;
  }
  incident.pattern = incident.navigations > 1 ? Pattern::burst : Pattern::single;
  if (!known) return;
  if (incident.days > 1) incident.pattern = Pattern::repeat;
  if (incident.categories.size() > 1) incident.pattern = Pattern::escalation;
  if (incident.days >= kRepeatDays) incident.weighed = Weighed::repeat;
  if (incident.categories.size() >= kEscalationCategories) incident.weighed = Weighed::escalation;
  if (incident.weighed != Weighed::category) incident.severity = one_step_up(course.gravest);
}

void begin(Course& course, const Seen& seen) {
  Incident& incident = course.incident;
  course.began = seen.time;
  course.began_at = seen.lived;
  incident.group = seen.group;
  incident.first = incident.last = incident.changed = seen.time;
  incident.category = seen.category;
  incident.risk = seen.risk;
  incident.review = seen.review;
  course.gravest = seen.severity;
}

void count_visit(Course& course, const Seen& seen) {
  ++course.incident.navigations;
  course.visit = seen.sequence;
  course.visit_host = seen.host;
  course.visited = seen.lived;
  const auto day =
      std::chrono::floor<std::chrono::days>(course.began + (seen.lived - course.began_at)).time_since_epoch().count();
  if (course.incident.days == 0 || day > course.visit_day) {
    ++course.incident.days;
    course.visit_day = day;
  }
}

}  // namespace

void Clock::move(TimePoint next, bool first) {
  if (!first && next > time) lived += next - time;
  time = next;
}

std::uint64_t Place::marks() const { return (visit ? 1U : 0U) | (new_host ? 2U : 0U) | (known ? 4U : 0U); }

Place place_from(std::uint64_t incident, std::uint64_t marks) {
  return {incident, (marks & 1U) != 0, (marks & 2U) != 0, (marks & 4U) != 0};
}

bool makes_incident(Kind kind) { return kind == Kind::blocked || kind == Kind::observed; }

Place choose(std::span<const Course> open, const Seen& seen) {
  const bool known = seen.person != 0;
  const auto first = [&](auto fits) -> const Course* {
    const auto found = std::find_if(open.begin(), open.end(), fits);
    return found == open.end() ? nullptr : &*found;
  };
  const auto visited_within = [&](const Course& course, Lived time) {
    return !is_background(course) && seen.lived - course.visited <= time;
  };
  if (const Course* again = first([&](const Course& course) { return is_second_try(course, seen); }); again != nullptr)
    return {again->incident.number, false, false, known};
  if (seen.navigation != Navigation::yes) {
    // A part of a page that was blocked itself, or of one that led there.
    const bool noise = seen.navigation == Navigation::no;
    const Course* page = first([&](const Course& course) {
      return noise ? visited_within(course, kNoiseWithin) : is_part_of_page(course, seen);
    });
    if (page != nullptr) return {page->incident.number, false, false, known};
    if (noise) {
      const Course* background = first([&](const Course& course) {
        return is_background(course) && course.incident.category == seen.category &&
               seen.lived - course.reached <= kRepeatWithin;
      });
      return {background == nullptr ? 0 : background->incident.number, false, false, known};
    }
  }
  const Course* joined = first([&](const Course& course) {
    return !is_background(course) && on_path(course, seen.category) && seen.lived - course.reached <= kRepeatWithin;
  });
  if (joined == nullptr && known)
    joined = first([&](const Course& course) { return visited_within(course, kEscalationWithin); });
  return {joined == nullptr ? 0 : joined->incident.number, true, false, known};
}

void fold(Course& course, const Seen& seen, const Place& place) {
  Incident& incident = course.incident;
  const bool was_background = is_background(course);
  if (incident.count == 0) begin(course, seen);
  ++incident.count;
  if (!seen.erased) {
    ++course.unerased;
    course.person = seen.person;
  }
  course.hosts += place.new_host ? 1 : 0;
  incident.first = std::min(incident.first, seen.time);
  incident.last = std::max(incident.last, seen.time);
  incident.changed = std::max(incident.changed, seen.time);
  course.reached = std::max(course.reached, seen.lived);
  if (place.visit) count_visit(course, seen);
  const bool leads = place.visit || was_background;
  auto& path = incident.categories;
  if (leads && !seen.category.empty() && path.size() < kLongestPath &&
      std::find(path.begin(), path.end(), seen.category) == path.end())
    path.emplace_back(seen.category);
  // A part of a page does not make an incident graver, unless it is of the gravest kind.
  if (rank(seen.severity) > rank(course.gravest) && (leads || seen.severity == "critical")) {
    incident.category = seen.category;
    incident.risk = seen.risk;
    incident.review = seen.review;
    course.gravest = seen.severity;
  }
  weigh(course, place.known);
}

}  // namespace fairlead::agent::events
