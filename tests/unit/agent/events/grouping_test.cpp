// Which events belong together: a week of several people becomes a handful of incidents, each event in exactly one.

#include "agent/events/grouping.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "agent/events/store.hpp"
#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

using namespace std::chrono_literals;

/// Events as the store places them, with a clock and open incidents of its own: no file, no thread.
class Desk {
 public:
  Desk& at(std::chrono::milliseconds since_start) {
    event_.time = moment() + since_start;
    return *this;
  }
  Desk& later(std::chrono::milliseconds time) {
    event_.time += time;
    return *this;
  }
  Desk& as(std::uint64_t person) {
    person_ = person;
    return *this;
  }
  Desk& in(std::string category, std::string severity = "medium") {
    event_.category = std::move(category);
    event_.severity = std::move(severity);
    return *this;
  }
  std::uint64_t visit(std::uint64_t host = 1) { return add(host, Navigation::yes); }
  std::uint64_t noise(std::uint64_t host = 1) { return add(host, Navigation::no); }
  std::uint64_t unknown(std::uint64_t host = 1) { return add(host, Navigation::unknown); }
  void close(std::uint64_t number) { all_.at(number).incident.state = State::no_action; }
  const Incident& incident(std::uint64_t number) { return all_.at(number).incident; }

 private:
  std::uint64_t add(std::uint64_t host, Navigation navigation) {
    clock_.move(event_.time, sequence_ == 0);
    const Seen seen{++sequence_, event_.time,     clock_.lived, navigation, "learners", event_.category,
                    "conduct",   event_.severity, "week",       person_,    host,       false};
    std::vector<Course> open;
    for (const auto& [_, course] : all_)
      if (is_open(course.incident.state) && course.person == person_) open.push_back(course);
    std::stable_sort(open.begin(), open.end(), [](const Course& a, const Course& b) { return a.reached > b.reached; });
    Place place = choose(open, seen);
    if (place.incident == 0) place.incident = all_.size() + 1;
    Course& course = all_[place.incident];
    course.incident.number = place.incident;
    if (!place.visit && course.incident.navigations == 0) place.new_host = hosts_[place.incident].insert(host).second;
    fold(course, seen, place);
    return place.incident;
  }

  Event event_ = sample(0);
  Clock clock_;
  std::uint64_t sequence_ = 0, person_ = 1;
  std::map<std::uint64_t, Course> all_;
  std::map<std::uint64_t, std::set<std::uint64_t>> hosts_;
};

TEST_CASE("choose: the same person and category within seven days is a repeat, after that a new one") {
  Desk desk;
  CHECK(desk.at(0s).visit() == 1);
  CHECK(desk.later(24h * 6).visit() == 1);
  CHECK(desk.later(24h * 7).visit() == 1);
  CHECK(desk.incident(1).pattern == Pattern::repeat);
  CHECK(desk.incident(1).days == 3);
  CHECK(desk.later(24h * 7 + 1s).visit() == 2);
}

TEST_CASE("choose: other people and other categories have their own") {
  Desk desk;
  CHECK(desk.at(0s).as(1).visit() == 1);
  CHECK(desk.later(1s).as(2).visit() == 2);
  CHECK(desk.later(2h).as(1).in("drugs").visit() == 3);
}

TEST_CASE("choose: another category within half an hour is an escalation, and the path is kept in its order") {
  Desk desk;
  CHECK(desk.at(0s).in("search", "low").visit(1) == 1);
  CHECK(desk.later(10min).in("forum", "medium").visit(2) == 1);
  CHECK(desk.incident(1).pattern == Pattern::escalation);
  CHECK(desk.incident(1).weighed == Weighed::category);
  CHECK(desk.incident(1).severity == "medium");
  CHECK(desk.later(30min).in("market", "high").visit(3) == 1);
  CHECK(desk.incident(1).categories == std::vector<std::string>{"search", "forum", "market"});
  CHECK(desk.incident(1).category == "market");
  CHECK(desk.incident(1).weighed == Weighed::escalation);
  CHECK(desk.incident(1).severity == "critical");
  CHECK(desk.later(30min + 1ms).in("games").visit(4) == 2);
}

TEST_CASE("choose: a closed incident is left as it is") {
  Desk desk;
  CHECK(desk.at(0s).visit() == 1);
  desk.close(1);
  CHECK(desk.later(1min).visit() == 2);
}

TEST_CASE("choose: a browser's second try is not a second visit") {
  Desk desk;
  desk.at(0s).visit(1);
  CHECK(desk.later(300ms).visit(1) == 1);
  CHECK(desk.incident(1).navigations == 1);
  CHECK(desk.incident(1).count == 2);
  CHECK(desk.incident(1).pattern == Pattern::single);
  // Neither where nobody can tell what a CONNECT was.
  desk.later(1h).unknown(2);
  desk.later(300ms).unknown(2);
  CHECK(desk.incident(1).navigations == 2);
  desk.later(10s).unknown(2);
  CHECK(desk.incident(1).navigations == 3);
  CHECK(desk.incident(1).pattern == Pattern::burst);
}

TEST_CASE("choose: another category at the same host is a visit of its own, however soon it comes") {
  Desk desk;
  CHECK(desk.at(0s).in("gambling").visit(1) == 1);
  CHECK(desk.later(300ms).in("adult").visit(1) == 1);
  CHECK(desk.incident(1).navigations == 2);
  CHECK(desk.incident(1).categories == std::vector<std::string>{"gambling", "adult"});
  CHECK(desk.incident(1).pattern == Pattern::escalation);
  // Now both are on its path: a second try of either.
  desk.later(300ms).in("gambling").visit(1);
  CHECK(desk.incident(1).navigations == 2);
  // Where the person is not known, nothing is added to a path.
  CHECK(desk.as(0).later(1h).in("gambling").visit(1) == 2);
  CHECK(desk.later(300ms).in("adult").visit(1) == 3);
}

TEST_CASE("choose: page noise goes to the visit that it came with, and does not make it graver") {
  Desk desk;
  desk.at(0s).in("gambling", "medium").visit(1);
  CHECK(desk.later(1s).in("adult", "high").noise(2) == 1);
  CHECK(desk.later(1s).in("adult", "high").unknown(3) == 1);
  CHECK(desk.incident(1).severity == "medium");
  CHECK(desk.incident(1).categories == std::vector<std::string>{"gambling"});
  CHECK(desk.incident(1).navigations == 1);
  CHECK(desk.later(3min).in("adult", "high").noise(2) == 2);
}

TEST_CASE(
    "choose: noise alone is one background incident of the category, and not urgent unless it is broad or critical") {
  Desk desk;
  CHECK(desk.at(0s).in("adult", "high").noise(1) == 1);
  CHECK(desk.later(1h).noise(1) == 1);
  CHECK(desk.incident(1).pattern == Pattern::background);
  CHECK(desk.incident(1).severity == "low");
  CHECK(desk.incident(1).weighed == Weighed::background);
  CHECK(desk.later(24h).noise(2) == 1);
  CHECK(desk.incident(1).severity == "low");
  CHECK(desk.later(24h).noise(3) == 1);
  CHECK(desk.incident(1).severity == "high");
  CHECK(desk.later(1s).in("harm", "critical").noise(1) == 2);
  CHECK(desk.incident(2).severity == "critical");
  // A visit is never hidden in the noise before it.
  CHECK(desk.later(1s).in("adult", "high").visit(1) == 3);
}

TEST_CASE("choose: nobody is said to repeat or to escalate where the person is not known") {
  Desk desk;
  desk.as(0).at(0s);
  CHECK(desk.in("gambling").visit(1) == 1);
  CHECK(desk.later(1min).in("drugs").visit(2) == 2);
  CHECK(desk.later(24h).in("gambling").visit(1) == 1);
  CHECK(desk.later(24h).visit(1) == 1);
  CHECK(desk.later(24h).visit(1) == 1);
  CHECK(desk.incident(1).pattern == Pattern::burst);
  CHECK(desk.incident(1).severity == "medium");
}

TEST_CASE("fold: visits on three days are one step graver, at most critical") {
  Desk desk;
  desk.at(9h).in("gambling", "medium").visit();
  desk.later(24h).visit();
  CHECK(desk.incident(1).severity == "medium");
  desk.later(24h).visit();
  CHECK(desk.incident(1).severity == "high");
  CHECK(desk.incident(1).weighed == Weighed::repeat);
  Desk other;
  for (int day = 0; day < 4; ++day) other.at(24h * day).in("harm", "critical").visit();
  CHECK(other.incident(1).severity == "critical");
}

TEST_CASE("choose: a clock that is set back, or was wrong for a while, does not tear incidents apart") {
  Desk desk;
  CHECK(desk.at(24h * 100).visit(1) == 1);
  CHECK(desk.at(24h * 10).visit(1) == 1);  // set back by 90 days
  CHECK(desk.incident(1).first == moment() + 24h * 10);
  CHECK(desk.incident(1).last == moment() + 24h * 100);
  CHECK(desk.at(24h * 12).visit(1) == 1);
  CHECK(desk.at(24h * 4'000).visit(1) == 2);  // for a moment it was far ahead
  CHECK(desk.at(24h * 13).visit(1) == 2);
  CHECK(desk.at(24h * 14).visit(1) == 2);
  CHECK(desk.at(24h * 30).visit(1) == 3);  // not for ever one
}

/// A week of a class: visits, second tries, widgets, an escalation, an unknown person.
class Week {
 public:
  std::vector<Event> events() {
    gambler();
    searcher();
    accident();
    widgets("learner4", "social-media", "low", 180);
    widgets("learner5", "adverts-and-trackers", "low", 90);
    unknown();
    malformed();
    std::stable_sort(all_.begin(), all_.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
    for (std::size_t i = 0; i < all_.size(); ++i) all_[i].id = "WEEK-" + std::to_string(i);
    return all_;
  }

 private:
  Event& add(std::chrono::milliseconds at, std::string person, std::string category, std::string severity,
             std::string host, Navigation navigation) {
    Event event = sample(0);
    event.time = moment() + at;
    event.person = std::move(person);
    event.category = std::move(category);
    event.severity = std::move(severity);
    event.host = std::move(host);
    event.url = "https://" + event.host;
    event.navigation = navigation;
    all_.push_back(event);
    return all_.back();
  }
  void gambler() {  // on three days, each visit tried twice by the browser, with the page's own requests
    for (const int day : {0, 2, 3}) {
      for (int i = 0; i < 6; ++i) {
        const auto at = 24h * day + 12h + 4min * i;
        const std::string host = "casino" + std::to_string(i) + ".example";
        add(at, "learner1", "gambling", "medium", host, Navigation::yes);
        add(at + 300ms, "learner1", "gambling", "medium", host, Navigation::yes);
        for (int j = 0; j < 5; ++j)
          add(at + 1s * (j + 1), "learner1", "gambling", "medium", "cdn.casino.example", Navigation::no);
      }
    }
  }
  void searcher() {
    for (int i = 0; i < 8; ++i) {
      const auto at = 24h + 20h + 3min * i;
      const std::string category = i < 3 ? "drugs-search" : i < 6 ? "drugs" : "dark-markets";
      add(at, "learner2", category, i < 3 ? "low" : "high", "site" + std::to_string(i) + ".example", Navigation::yes);
    }
  }
  void accident() {
    add(24h * 4 + 9h, "learner3", "pornography", "high", "typo.example", Navigation::yes);
    for (int i = 0; i < 40; ++i)
      add(24h * 4 + 9h + 50ms * (i + 1), "learner3", "pornography", "high", "img.typo.example", Navigation::no);
  }
  void widgets(const std::string& person, const std::string& category, const std::string& severity, int count) {
    for (int i = 0; i < count; ++i)
      add(8h + 35min * i, person, category, severity, "widget" + std::to_string(i % 2) + ".example", Navigation::no);
  }
  void unknown() {
    for (int i = 0; i < 20; ++i)
      add(24h * (i % 5) + 10h + 1min * i, "", "gambling", "medium", "casino.example", Navigation::unknown);
  }
  void malformed() {
    for (int i = 0; i < 40; ++i) {
      Event& event = add(2h * i + 1min, "", "", "", "", Navigation::unknown);
      event.kind = i % 2 == 0 ? Kind::malformed : Kind::passed_through;
    }
  }
  std::vector<Event> all_;
};

TEST_CASE("Store: 500 lines of a week become at most ten incidents, and each line is in exactly one") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  const std::vector<Event> week = Week().events();
  REQUIRE(week.size() >= 500);
  for (const Event& event : week) (*store)->record(event, nullptr);
  (*store)->flush();
  const auto incidents = (*store)->incidents({});
  REQUIRE(incidents);
  CHECK(incidents->size() <= 10);
  CHECK(*(*store)->count_incidents({}) == incidents->size());

  std::map<std::string, std::uint64_t> place;
  std::uint64_t lines = 0;
  for (const Incident& incident : *incidents) {
    const auto events = (*store)->events_of(incident.number, 0, 0);
    REQUIRE(events);
    CHECK(events->size() == incident.count);
    lines += events->size();
    for (const Stored& stored : *events) {
      CHECK(stored.incident == incident.number);
      CHECK(stored.event.person == incident.person);
      CHECK(place.emplace(stored.event.id, incident.number).second);
    }
    CHECK(events->front().event.time == incident.first);
    CHECK(events->back().event.time == incident.last);
  }
  for (const Event& event : week) {
    CAPTURE(event.id);
    CHECK((place.count(event.id) == 1) == makes_incident(event.kind));
  }
  CHECK(lines + 40 == week.size());

  IncidentFilter filter;
  filter.person = "learner1";
  const auto gambler = (*store)->incidents(filter);
  REQUIRE(gambler->size() == 1);
  CHECK(gambler->front().navigations == 18);
  CHECK(gambler->front().days == 3);
  CHECK(gambler->front().severity == "high");
  CHECK(gambler->front().host == "casino5.example");
  filter.person = "learner2";
  CHECK((*store)->incidents(filter)->at(0).pattern == Pattern::escalation);
  CHECK((*store)->incidents(filter)->at(0).severity == "critical");
  CHECK((*store)->incidents(filter)->at(0).categories.size() == 3);
  filter.person = "learner3";
  CHECK((*store)->incidents(filter)->at(0).pattern == Pattern::single);
  CHECK((*store)->incidents(filter)->at(0).count == 41);
  filter.person = "learner4";
  CHECK((*store)->incidents(filter)->at(0).pattern == Pattern::background);
  filter = {};
  filter.without_background = true;
  CHECK((*store)->incidents(filter)->size() == 4);
  filter.words = "typo.exam";
  CHECK((*store)->incidents(filter)->size() == 1);
  filter = {};
  filter.category = "drugs";
  CHECK((*store)->incidents(filter)->size() == 1);
  filter = {};
  filter.limit = 2;
  filter.offset = 1;
  const auto page = (*store)->incidents(filter);
  CHECK(page->size() == 2);
  CHECK(page->at(0).changed <= incidents->at(0).changed);
  CHECK(page->at(0).number == incidents->at(1).number);
  CHECK(*(*store)->count_incidents(filter) == incidents->size());
  CHECK((*store)->verify()->first_bad == "");
}

}  // namespace
}  // namespace fairlead::agent::events
