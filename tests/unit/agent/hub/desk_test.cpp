#include "agent/hub/desk.hpp"

#include <set>
#include <string>

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Entry;
using events::Filter;
using events::IncidentFilter;

/// Two laptops whose learners are named alike.
struct Organisation {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  Desk desk{place_in(folder)};
  explicit Organisation(Accounts accounts = Accounts::local) {
    REQUIRE(store->set_accounts(accounts));
    REQUIRE(store->add_code("CODE", "learners", 10, moment(1000), moment()));
    REQUIRE(*store->redeem("CODE", "a", "Laptop 1", moment()) == Redeemed::yes);
    REQUIRE(*store->redeem("CODE", "b", "Laptop 2", moment()) == Redeemed::yes);
  }
  exchange::Receipt take(const exchange::Batch& batch, Now now = moment(3600)) {
    const auto receipt = store->take(batch, **store->device(batch.device), now);
    REQUIRE(receipt);
    return *receipt;
  }
  /// One event of one person.
  void visit(const std::string& device, std::uint64_t sequence, const std::string& person, Now time,
             const std::string& category = "gambling", Now now = moment(3600)) {
    exchange::Batch batch = batch_of(device, sequence, sequence);
    events::Event& event = batch.rows[0].event;
    event.person = person;
    event.time = time;
    event.category = category;
    event.navigation = events::Navigation::yes;
    take(batch, now);
  }
};

TEST_CASE("hub desk: events of one person become one incident, of a namesake on another laptop another") {
  Organisation all;
  for (std::uint64_t i = 1; i <= 3; ++i) all.visit("a", i, "anna", moment(static_cast<int>(i) * 60));
  all.visit("b", 1, "anna", moment(200));
  const auto incidents = *all.desk.incidents({});
  REQUIRE(incidents.size() == 2);
  CHECK(incidents[0].person == "anna on Laptop 2");
  CHECK(incidents[0].count == 1);
  CHECK(incidents[1].person == "anna on Laptop 1");
  CHECK(incidents[1].count == 3);
  CHECK(incidents[1].navigations == 3);
  CHECK(incidents[1].pattern == events::Pattern::burst);
  CHECK(incidents[1].device == "a");
  CHECK(incidents[1].host == "casino3.example");
  IncidentFilter of_one;
  of_one.person = "anna on Laptop 1";
  CHECK(*all.desk.count_incidents(of_one) == 1);
  of_one.person = "anna";
  CHECK(*all.desk.count_incidents(of_one) == 0);
}

TEST_CASE("hub desk: accounts of one directory are one person on every laptop") {
  Organisation all(Accounts::shared);
  all.visit("a", 1, "anna", moment(60));
  all.visit("b", 1, "anna", moment(120));
  const auto incidents = *all.desk.incidents({});
  REQUIRE(incidents.size() == 1);
  CHECK(incidents[0].person == "anna");
  CHECK(incidents[0].count == 2);
  CHECK(all.desk.events_of(incidents[0].number, 0, 0)->size() == 2);
  // Whoever could not be told on one laptop is nobody of another.
  all.visit("a", 2, "", moment(180));
  all.visit("b", 2, "", moment(190));
  CHECK(*all.desk.count_incidents({}) == 3);
  CHECK(all.store->set_accounts(Accounts::local).error().code == Errc::refused);
}

TEST_CASE("hub desk: what a laptop hands in late joins its time, and is no second try of what came after it") {
  Organisation all(Accounts::shared);
  const Now now = moment(86400 * 30);
  all.visit("a", 1, "anna", now - std::chrono::hours(1), "gambling", now);
  all.visit("b", 1, "anna", now - std::chrono::days(1), "gambling", now);
  all.visit("b", 2, "anna", now - std::chrono::days(20), "gambling", now);
  const auto incidents = *all.desk.incidents({});
  REQUIRE(incidents.size() == 2);
  CHECK(incidents[0].count == 2);
  CHECK(incidents[0].navigations == 2);
  CHECK(incidents[1].first == now - std::chrono::days(20));
}

TEST_CASE("hub desk: filters of incidents") {
  Organisation all;
  all.visit("a", 1, "anna", moment(60), "gambling");
  all.visit("a", 2, "ben", moment(86400), "violence", moment(90000));
  const auto count = [&](auto set) {
    IncidentFilter filter;
    set(filter);
    const auto listed = all.desk.incidents(filter);
    REQUIRE(listed);
    CHECK(*all.desk.count_incidents(filter) == listed->size());
    return listed->size();
  };
  CHECK(count([](IncidentFilter&) {}) == 2);
  CHECK(count([](IncidentFilter& f) { f.category = "violence"; }) == 1);
  CHECK(count([](IncidentFilter& f) { f.category = "viol"; }) == 0);
  CHECK(count([](IncidentFilter& f) { f.risk = "conduct"; }) == 2);
  CHECK(count([](IncidentFilter& f) { f.severity = "critical"; }) == 0);
  CHECK(count([](IncidentFilter& f) { f.group = "learners"; }) == 2);
  CHECK(count([](IncidentFilter& f) { f.state = events::State::no_action; }) == 0);
  CHECK(count([](IncidentFilter& f) { f.open_only = f.without_background = true; }) == 2);
  CHECK(count([](IncidentFilter& f) { f.since = moment(80000); }) == 1);
  CHECK(count([](IncidentFilter& f) { f.until = moment(80000); }) == 1);
  CHECK(count([](IncidentFilter& f) { f.changed_after = moment(60); }) == 1);
  CHECK(count([](IncidentFilter& f) { f.words = "casino2"; }) == 1);
  CHECK(count([](IncidentFilter& f) { f.words = ".example"; }) == 2);
  CHECK(count([](IncidentFilter& f) { f.words = "nowhere"; }) == 0);
  CHECK(count([](IncidentFilter& f) { f.words = f.category = "'; --"; }) == 0);
}

TEST_CASE("hub desk: a list of events goes on where its page ended, also within one moment") {
  Organisation all;
  for (std::uint64_t i = 1; i <= 9; ++i)
    all.visit("a", i, "anna", moment(static_cast<int>(i / 4) * 86400), "gambling", moment(864000));
  Filter filter;
  filter.newest_first = true;
  filter.limit = 2;
  std::vector<std::uint64_t> seen;
  for (int page = 0; page < 6; ++page) {
    const auto listed = *all.desk.list(filter);
    for (const auto& one : listed) seen.push_back(one.sequence);
    if (listed.empty()) break;
    filter.before = listed.back().place;
  }
  CHECK(seen == std::vector<std::uint64_t>{9, 8, 7, 6, 5, 4, 3, 2, 1});
  filter = {};
  filter.person = "anna on Laptop 1";
  CHECK(all.desk.list(filter)->size() == 9);
  CHECK(all.desk.list(filter)->front().sequence == 1);
  filter.words = "casino4";
  CHECK(all.desk.list(filter)->size() == 1);
  filter.words = "";
  filter.category = "violence";
  CHECK(all.desk.list(filter)->empty());
}

TEST_CASE("hub desk: an event is shown as it was handed in") {
  Organisation all;
  const exchange::Batch batch = batch_of("a", 1, 3);
  all.take(batch);
  const auto shown = all.desk.show("EV2");
  REQUIRE(shown);
  const events::Event &told = batch.rows[1].event, &kept = shown->event;
  CHECK(shown->device == "a");
  CHECK(shown->epoch == 1);
  CHECK(shown->sequence == 2);
  CHECK(shown->digest == batch.rows[1].digest);
  CHECK(kept.person == told.person + " on Laptop 1");
  CHECK(std::tie(kept.time, kept.found, kept.group, kept.method, kept.url, kept.host, kept.words) ==
        std::tie(told.time, told.found, told.group, told.method, told.url, told.host, told.words));
  CHECK(std::tie(kept.kind, kept.navigation, kept.navigation_sign, kept.category, kept.risk, kept.severity) ==
        std::tie(told.kind, told.navigation, told.navigation_sign, told.category, told.risk, told.severity));
  CHECK(std::tie(kept.review, kept.rule, kept.source, kept.span, kept.level, kept.losers, kept.ruleset_id) ==
        std::tie(told.review, told.rule, told.source, told.span, told.level, told.losers, told.ruleset_id));
  CHECK(all.desk.show("EV9").error().code == Errc::not_found);
}

TEST_CASE("hub desk: a review moves its incident, and later events do not move it back") {
  Organisation all;
  all.visit("a", 1, "anna", moment(60));
  const std::uint64_t number = all.desk.incidents({})->front().number;
  Entry review;
  review.time = moment(100);
  review.incident = number;
  review.kind = "review";
  review.actor = "lead";
  review.person = "anna on Laptop 1";
  review.body = R"({"state": "in_review", "note": "h\u00e9"})";
  REQUIRE(all.desk.add(review));
  all.visit("a", 2, "anna", moment(120));
  const auto incident = *all.desk.incident(number);
  CHECK(incident.state == events::State::in_review);
  CHECK(incident.count == 2);
  events::EntryFilter about;
  about.incident = number;
  const auto book = *all.desk.entries(about);
  REQUIRE(book.size() == 1);
  CHECK(book[0].person == "anna on Laptop 1");
  CHECK(book[0].actor == "lead");
  CHECK(book[0].body == "{\"state\":\"in_review\",\"note\":\"hé\"}");
  review.body = R"({"state": "gone"})";
  CHECK(all.desk.add(review).error().code == Errc::refused);
  review.body = R"({"state": "no_action"})";
  review.incident = 99;
  CHECK(all.desk.add(review).error().code == Errc::not_found);
  Entry without_end;
  without_end.kind = "access";
  without_end.actor = "lead";
  CHECK(all.desk.add(without_end).error().code == Errc::refused);
}

TEST_CASE("hub desk: whoever looked at several people stands under each of them") {
  Organisation all;
  all.visit("a", 1, "anna", moment(60));
  all.visit("a", 2, "ben", moment(60));
  Entry look;
  look.time = moment(100);
  look.keep = moment(100000);
  look.kind = "access";
  look.actor = "lead";
  look.body = R"({"people": ["anna on Laptop 1", "ben on Laptop 1"]})";
  REQUIRE(all.desk.add(look));
  events::EntryFilter filter;
  filter.person = "ben on Laptop 1";
  CHECK(all.desk.entries(filter)->size() == 1);
  filter.person = "ben";
  CHECK(all.desk.entries(filter)->empty());
  filter.person = "";
  filter.actor = "lead";
  filter.kind = "access";
  filter.newest_first = true;
  CHECK(all.desk.entries(filter)->size() == 1);
}

TEST_CASE("hub desk: totals count what came, and incidents by state") {
  Organisation all;
  all.visit("a", 1, "anna", moment(60));
  all.visit("b", 1, "ben", moment(70));
  const auto totals = *all.desk.totals(moment(), moment(86400));
  REQUIRE(totals.events.size() == 1);
  CHECK(totals.events[0].events == 2);
  CHECK(totals.events[0].navigations == 2);
  CHECK(totals.incidents[0] == 2);
  CHECK(all.desk.totals(moment(86400), moment(172800))->events.empty());
}

TEST_CASE("hub desk: a summary tells what began, what is open and since when, and members come once") {
  Organisation all;
  all.visit("a", 1, "anna", moment(60));
  all.visit("a", 2, "cara", moment(120));
  all.visit("a", 3, "cara", moment(180));
  all.visit("b", 1, "ben", moment(86400 + 60), "gambling", moment(86400 + 3600));
  Entry review;
  review.time = moment(200);
  IncidentFilter of_anna;
  of_anna.person = "anna on Laptop 1";
  review.incident = all.desk.incidents(of_anna)->front().number;
  review.kind = "review";
  review.body = R"({"state": "no_action"})";
  REQUIRE(all.desk.add(review));
  const auto summary = *all.desk.summary(moment(), moment(86400));
  REQUIRE(summary.begun.size() == 2);
  for (const events::BegunIncident& one : summary.begun) {
    const bool of_anna_too = one.number == review.incident;
    CHECK(one.state == (of_anna_too ? events::State::no_action : events::State::fresh));
    CHECK(one.first == moment(of_anna_too ? 60 : 120));
  }
  CHECK(summary.open == 2);
  CHECK(summary.oldest_open == moment(120));
  std::set<std::string> people;
  const auto members = *all.desk.members();
  for (const events::Member& member : members) {
    CHECK(member.group == "learners");
    CHECK(people.insert(member.person).second);
  }
  CHECK(people == std::set<std::string>{"anna on Laptop 1", "ben on Laptop 2", "cara on Laptop 1"});
}

TEST_CASE("hub desk: events of a host are found in incidents, however many, and in none") {
  Organisation all;
  for (const int day : {0, 5})
    all.visit("a", day == 0 ? 1 : 2, "anna", moment(day * 86400), "gambling", moment(864000));
  Filter filter;
  const auto found = [&](const std::string& words) {
    filter.words = words;
    const auto listed = all.desk.list(filter);
    REQUIRE(listed);
    return listed->size();
  };
  CHECK(found("casino1.") == 1);
  CHECK(found("casino2.") == 1);
  CHECK(found("nowhere") == 0);
  exchange::Batch outside = batch_of("a", 3, 3);
  outside.rows[0].event.kind = events::Kind::passed_through;
  outside.rows[0].event.host = "casino1.example";
  outside.rows[0].event.time = moment(9 * 86400);
  all.take(outside, moment(864000));
  CHECK(found("casino1.") == 2);
  CHECK(found("nowhere") == 0);

  constexpr std::uint64_t kVeryMany = 800;  // more than a statement names
  for (std::uint64_t from = 1; from <= kVeryMany; from += 200) {
    exchange::Batch batch = batch_of("b", from, from + 199);
    for (events::Stored& row : batch.rows) {
      row.event.person = "learner" + std::to_string(row.sequence);
      row.event.host = "casino1.example";
    }
    all.take(batch);
  }
  CHECK(found("casino1.") == kVeryMany + 2);
  CHECK(found("casino2.") == 1);
}

TEST_CASE("hub desk: incidents are found by a part of a host that very many hosts have") {
  constexpr int kVeryMany = 10'001;  // more than are looked for one by one
  Organisation all;
  all.visit("a", 1, "anna", moment(60));
  all.visit("b", 1, "ben", moment(60), "violence");
  std::vector<Row> hosts;
  for (int i = 0; i < kVeryMany; ++i) hosts.push_back({"other" + std::to_string(i) + ".example", std::int64_t{0}});
  Connection& connection = all.store->connection();
  REQUIRE(connection.add_rows(
      in(connection, "INSERT INTO hosts (name, day) VALUES ($1, $2)", "COPY hosts (name, day) FROM STDIN"), hosts));
  IncidentFilter filter;
  const auto counted = [&] {
    const auto count = all.desk.count_incidents(filter);
    REQUIRE(count);
    CHECK(all.desk.incidents(filter)->size() == *count);
    return *count;
  };
  filter.words = "other";
  CHECK(counted() == 0);
  filter.words = ".example";
  CHECK(counted() == 2);
  filter.category = "violence";
  CHECK(counted() == 1);
}

TEST_CASE("hub desk: what only a laptop can do is said") {
  Organisation all;
  all.visit("a", 1, "anna", moment(60));
  const auto pack = all.desk.evidence_pack({{1}, {}, "lead", moment()});
  CHECK(pack.error().code == Errc::unsupported);
  CHECK(pack.error().context.find(": a") != std::string::npos);
  all.desk.report({}, [](const Result<void>& done) { CHECK(done.error().code == Errc::refused); });
}

}  // namespace
}  // namespace fairlead::agent::hub
