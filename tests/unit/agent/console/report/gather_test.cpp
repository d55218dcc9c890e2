#include "agent/console/report/gather.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "agent/console/report/report_page.hpp"
#include "agent/console/report/whole.hpp"
#include "agent/console/report/words.hpp"
#include "tests/unit/agent/console/fixture.hpp"
#include "tests/unit/agent/console/report/samples.hpp"

using namespace fairlead;
using namespace fairlead::agent::console::report;
using agent::events::Entry;
using agent::events::Event;
using agent::events::Kind;
using agent::events::Recorded;
using agent::events::TimePoint;
using sample::has;

namespace {

const Period kWeek = period_of(Span::week, day(2026, 3, 18));
constexpr std::chrono::sys_seconds kAsked{std::chrono::seconds{1774436400}};  // Wednesday 25 March 2026

struct Fixture : sample::Console {
  Source source() const { return {*store, *rules, {kAsked, {}, {}}, false}; }

  void record(Event event) {
    store->record(std::move(event), [](Recorded recorded) { CHECK(recorded == Recorded::durable); });
  }

  void record_random(int events, unsigned seed) {
    std::mt19937 random(seed);
    const auto& categories = rules->catalog().categories;
    for (int i = 0; i < events; ++i) {
      const auto& category = categories[random() % categories.size()];
      Event event;
      event.id = "EV" + std::to_string(i);
      event.time = TimePoint(day(2026, 3, 2)) + std::chrono::minutes{random() % (24 * 60 * 24)};
      event.kind = random() % 5 == 0 ? Kind::observed : random() % 20 == 0 ? Kind::malformed : Kind::blocked;
      event.person = "person-" + std::to_string(random() % 9);
      event.group = random() % 2 == 0 ? "learners" : "staff";
      event.host = "secret-host.example";
      event.category = category.id;
      event.risk = to_string(category.risk);
      event.severity = to_string(category.severity);
      event.navigation = random() % 2 == 0 ? agent::events::Navigation::yes : agent::events::Navigation::unknown;
      record(std::move(event));
    }
    store->flush();
  }

  void add(std::string kind, std::string subject, TimePoint time, std::string body = {}, std::uint64_t incident = 0) {
    Entry entry;
    entry.kind = std::move(kind);
    entry.subject = std::move(subject);
    entry.time = time;
    entry.keep = time + std::chrono::days{365};
    entry.incident = incident;
    entry.actor = "the lead";
    entry.body = std::move(body);
    REQUIRE(store->add(std::move(entry)));
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "report: the sums of the page equal the store's events, counted one by one") {
  record_random(2'000, 1);
  std::map<Kind, std::uint64_t> counted_one_by_one;
  agent::events::Filter filter;
  filter.since = TimePoint(kWeek.first);
  filter.until = TimePoint(kWeek.end);
  REQUIRE(store->for_each(filter, [&](const auto& stored) { ++counted_one_by_one[stored.event.kind]; }));
  const auto figures = gather(*store, *rules, kWeek, {kAsked, {}, {}}, Depth::everything);
  REQUIRE(figures);
  const Sums sums = sums_of(*figures, kWeek);
  CHECK(sums.stopped > 100);
  CHECK(sums.stopped == counted_one_by_one[Kind::blocked]);
  CHECK(sums.noted == counted_one_by_one[Kind::observed]);
  CHECK(sums.technical == counted_one_by_one[Kind::malformed]);

  const auto page = whole_report(source(), kWeek);
  REQUIRE(page);
  CHECK(page->str().find("<strong>" + number(sums.stopped) + " times</strong>") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "reports: no person and no host in any of them") {
  record_random(500, 2);
  for (const auto& made : {whole_report(source(), kWeek), whole_month(source(), period_of(Span::month, kWeek.first)),
                           whole_year(source(), period_of(Span::year, kWeek.first))}) {
    REQUIRE(made);
    CHECK(made->str().find("person-") == std::string::npos);
    CHECK(made->str().find("secret-host") == std::string::npos);
  }
  const auto csv = whole_csv(source(), kWeek);
  REQUIRE(csv);
  CHECK(csv->find("person-") == std::string::npos);
  CHECK(csv->find("secret-host") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "gather: incidents by state, until the first look, and what still waits") {
  record_random(500, 3);
  agent::events::IncidentFilter all;
  all.limit = 100'000;
  const auto incidents = store->incidents(all);
  REQUIRE(incidents);
  std::vector<agent::events::Incident> of_week;
  for (const auto& incident : *incidents) {
    const bool noise = incident.pattern == agent::events::Pattern::background;
    if (!noise && incident.first >= TimePoint(kWeek.first) && incident.first < TimePoint(kWeek.end))
      of_week.push_back(incident);
  }
  REQUIRE(of_week.size() >= 2);
  add("access", "incident", of_week[0].first + std::chrono::hours{2}, {}, of_week[0].number);
  add("review", "incident", of_week[0].first + std::chrono::hours{5}, R"({"state":"no_action"})", of_week[0].number);
  const auto figures = gather(*store, *rules, kWeek, {kAsked, {}, {}}, Depth::everything);
  REQUIRE(figures);
  CHECK(figures->incidents.opened == of_week.size());
  CHECK(figures->incidents.none == 1);
  CHECK(figures->incidents.looked_at == 1);
  CHECK(figures->incidents.usual_first_look == std::chrono::hours{2});
  CHECK(figures->incidents.fresh + figures->incidents.closed() == figures->incidents.opened);
}

TEST_CASE_FIXTURE(Fixture, "gather: questions are paired with their answers, alerts are told apart") {
  const TimePoint monday = kWeek.first;
  add("appeal", "EV1", monday);
  add("appeal", "EV2", monday);
  add("appeal", "EV3", monday);
  add("appeal_answer", "EV1", monday + std::chrono::hours{3}, R"({"outcome":"exception"})");
  add("appeal_answer", "EV2", monday + std::chrono::days{9}, R"({"outcome":"declined"})");
  add("task", "task 1", monday);
  add("task_answer", "task 1", monday + std::chrono::hours{1}, R"({"outcome":"rule"})");
  add("alert", "mail, at once", monday, R"({"key":"a","incidents":2})");
  add("alert", "mail, at once", monday, R"({"key":"a","incidents":2})");
  add("alert", "mail, daily", monday, R"({"key":"b","incidents":1})");
  const auto figures = gather(*store, *rules, kWeek, {kAsked, {}, {}}, Depth::everything);
  REQUIRE(figures);
  CHECK(figures->appeals.asked == 3);
  CHECK(figures->appeals.agreed == 1);
  CHECK(figures->appeals.declined == 1);
  CHECK(figures->appeals.waiting() == 1);
  CHECK(figures->appeals.longest == std::chrono::days{9});
  CHECK(figures->mending.agreed == 1);
  CHECK(figures->alerts.sent == 2);
  CHECK_FALSE(figures->alerts.undelivered.has_value());
}

TEST_CASE_FIXTURE(Fixture, "record of processing: what alerts say is read from the policy in force") {
  CHECK(has(whole_processing(source()).str(), "no alerts are set up"));
  auto catalog = sample::catalog();
  catalog.policy.alerts.mail.emplace_back();
  catalog.policy.alerts.includes.risk = false;
  rules = sample::rules_from(catalog);
  REQUIRE(rules != nullptr);
  CHECK(has(whole_processing(source()).str(),
            "by e-mail. They say the number of the incident, the laptop, how serious it is and the kind of site. They "
            "name no person and no site."));
  catalog.policy.alerts.includes.host = true;
  rules = sample::rules_from(catalog);
  REQUIRE(rules != nullptr);
  CHECK(has(whole_processing(source()).str(), "the kind of site and the name of the site."));
}

TEST_CASE("alerts_waiting_in: what the agent says, and nothing where it does not say") {
  CHECK(alerts_waiting_in(R"({"alerts":{"routes":[{"waiting":2,"refused":1},{"waiting":0}],"withdrawn":1}})") == 4);
  CHECK(alerts_waiting_in(R"({"alerts":{"routes":[]}})") == 0);
  for (const char* other : {"", "{}", "[]", R"({"alerts":[]})", R"({"alerts":{}})"})
    CHECK_FALSE(alerts_waiting_in(other).has_value());
}

TEST_CASE_FIXTURE(Fixture,
                  "routes: reports are the lead's, the viewer sees whole months alone, wrong days are refused") {
  record_random(300, 4);
  const std::string lead = cookie(sample::Role::lead);
  const std::string viewer = cookie(sample::Role::viewer);
  for (const char* path : {"/reports", "/reports/week?of=2026-03-18", "/reports/term", "/reports/month",
                           "/reports/year", "/reports/processing", "/reports/days?from=2026-03-01&to=2026-03-09"}) {
    CHECK(ask(get(path, lead)).status == 200);
    CHECK(ask(get(path, viewer)).status == 403);
  }
  const auto csv = ask(get("/reports/numbers.csv?from=2026-03-16&to=2026-03-22", lead));
  CHECK(csv.content_type == "text/csv; charset=utf-8");
  CHECK(ask(get("/counts", viewer)).status == 200);
  CHECK(ask(get("/counts?of=2026-03-18&from=2026-03-18&to=2026-03-18", viewer)).body.find("not over yet") !=
        std::string::npos);
  for (const char* path : {"/reports/days?from=2026-03-09&to=2026-03-01", "/reports/week?of=yesterday",
                           "/reports/numbers.csv?from=1&to=2"})
    CHECK(ask(get(path, lead)).status == 400);
}
