// What the desk of some sites shows, and what it takes.

#include "agent/hub/scope.hpp"

#include <list>

#include "agent/hub/desk.hpp"
#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Entry;
using events::EntryFilter;
using events::Filter;
using events::IncidentFilter;

/// A laptop at each of two sites, and one at none.
struct Sites : Desks {
  explicit Sites(Accounts accounts = Accounts::local) {
    REQUIRE(store->set_accounts(accounts));
    for (const std::string site : {"Leeds", "York", ""}) {
      const std::string code = "CODE" + site;
      REQUIRE(store->add_code(code, "learners", 10, moment(1000), moment(), site));
      REQUIRE(*store->redeem(code, "at" + site, "Laptop" + site, moment()) == Redeemed::yes);
    }
  }
  void take(const exchange::Batch& batch) { REQUIRE(store->take(batch, **store->device(batch.device), moment(3600))); }
  /// One event of one person on one host.
  void visit(const std::string& device, std::uint64_t sequence, const std::string& person) {
    exchange::Batch batch = batch_of(device, sequence, sequence);
    events::Event& event = batch.rows[0].event;
    event.id = device + std::to_string(sequence);
    event.person = person;
    event.host = device + ".example";
    event.navigation = events::Navigation::yes;
    take(batch);
  }
  void say(const std::string& device, const std::string& event, const std::string& person) {
    exchange::BookBatch book;
    book.device = device;
    book.epoch = 1;
    events::BookRow row;
    row.sequence = 1;
    row.event = event;
    row.digest = std::string(32, 'r');
    row.what = events::Report{event, person, events::ReportKind::wrong, moment(80), "why?"};
    book.rows.push_back(row);
    REQUIRE(store->take(book, **store->device(device), moment(3600)));
    book.table = events::Table::entries;
    Entry appeal;
    appeal.kind = "appeal";
    appeal.subject = event;
    appeal.person = person;
    appeal.time = moment(80);
    appeal.body = "{}";
    book.rows[0].what = appeal;
    REQUIRE(store->take(book, **store->device(device), moment(3600)));
  }
  std::uint64_t incident_of(const Desk& desk) {
    const auto incidents = *desk.incidents({});
    REQUIRE(incidents.size() == 1);
    return incidents[0].number;
  }
};

Entry entry(const std::string& kind, std::uint64_t incident, const std::string& subject, const std::string& person = "",
            const std::string& body = "{}") {
  Entry out;
  out.kind = kind;
  out.incident = incident;
  out.subject = subject;
  out.actor = "somebody";
  out.person = person;
  out.body = body;
  out.time = moment(100);
  out.keep = moment(100000);
  return out;
}

std::size_t lines(const Desk& desk, const std::string& kind) {
  EntryFilter filter;
  filter.kind = kind;
  return desk.entries(filter)->size();
}

TEST_CASE("scope: of every table of the hub it is said what a site's desk may read") {
  Sites all;
  Connection& connection = all.store->connection();
  const auto tables =
      connection.run(in(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
                        "SELECT CAST(relname AS TEXT) FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
                        " AND relnamespace = CAST(CAST(current_schema() AS TEXT) AS regnamespace)"),
                     {});
  REQUIRE(tables);
  CHECK(tables->size() > 15);
  for (const Row& row : *tables) {
    const std::string table = text_at(row, 0);
    CAPTURE(table);
    REQUIRE_MESSAGE(readable(table), "say in scope_sql.hpp what a site's desk may read of the new table");
  }
}

TEST_CASE("scope: a narrowed connection shows the rows of its sites, whatever is asked") {
  Sites all;
  for (const std::string device : {"atLeeds", "atYork", "at"}) all.visit(device, 1, "anna");
  all.say("atYork", "atYork1", "anna");
  all.say("atLeeds", "atLeeds1", "anna");
  REQUIRE(all.store->note({moment(), "atYork", "-", "x", "y"}));
  std::list<std::string> texts;  // what is run has to stay
  const auto narrowed = std::move(*connect(place_in(all.folder)));
  const auto as = narrow(*narrowed, {"Leeds"});
  REQUIRE(as);
  CHECK(as->sites == "1");
  CHECK(as->all_known);
  const auto count = [&](const std::string& table) {
    return number_at(narrowed->run(texts.emplace_back("SELECT count(*) FROM " + table), {})->front(), 0);
  };
  for (const std::string table :
       {"events", "reports", "entries", "people", "incident_hosts", "incidents", "totals", "devices", "sites"}) {
    CAPTURE(table);
    CHECK(readable(table) == Readable::of_sites);
    CHECK(count(table) == 1);
  }
  for (const std::string table : {"audit", "codes", "streams", "spans", "notices"}) {
    CAPTURE(table);
    CHECK(readable(table) == Readable::nothing);
    CHECK(count(table) == 0);
  }
  CHECK(text_at(narrowed->run("SELECT shown FROM people", {})->front(), 0) == "anna on LaptopLeeds");
}

TEST_CASE("scope: the desk of a site knows neither people, hosts, laptops nor counts of another") {
  Sites all;
  for (const std::string device : {"atLeeds", "atYork", "at"}) all.visit(device, 1, "anna");
  CHECK(*all.whole.count_incidents({}) == 3);
  CHECK(all.both.incidents({})->size() == 2);
  CHECK(all.both.list({})->size() == 2);
  const std::uint64_t of_york = all.incident_of(all.york), of_leeds = all.incident_of(all.leeds);
  CHECK(*all.leeds.count_incidents({}) == 1);
  CHECK(all.leeds.incident(of_leeds)->person == "anna on LaptopLeeds");
  CHECK(all.leeds.incident(of_york).error().code == Errc::not_found);
  CHECK(all.leeds.events_of(of_york, 0, 0)->empty());
  CHECK(all.leeds.events_of(of_leeds, 0, 0)->size() == 1);
  CHECK(all.leeds.list({})->size() == 1);
  CHECK(all.leeds.show("atLeeds1"));
  CHECK(all.leeds.show("atYork1").error().code == Errc::not_found);
  IncidentFilter of_host;
  of_host.words = "atYork";
  CHECK(all.leeds.incidents(of_host)->empty());
  CHECK(*all.leeds.count_incidents(of_host) == 0);
  of_host.words = "atLeeds";
  CHECK(all.leeds.incidents(of_host)->size() == 1);
  Filter of_person;
  of_person.person = "anna on LaptopYork";
  CHECK(all.leeds.list(of_person)->empty());
  of_person.person = "anna on LaptopLeeds";
  CHECK(all.leeds.list(of_person)->size() == 1);
  const auto totals = *all.leeds.totals(moment(), moment(86400));
  REQUIRE(totals.events.size() == 1);
  CHECK(totals.events[0].events == 1);
  CHECK(totals.incidents[0] == 1);
  CHECK(all.whole.summary(moment(), moment(86400))->open == 3);
  CHECK(all.leeds.summary(moment(), moment(86400))->open == 1);
  CHECK(all.leeds.summary(moment(), moment(86400))->begun.size() == 1);
  CHECK(all.whole.members()->size() == 3);
  REQUIRE(all.leeds.members()->size() == 1);
  CHECK(all.leeds.members()->front().person == "anna on LaptopLeeds");
  CHECK(all.leeds.evidence_pack({{of_york}, {}, "lead", moment()}).error().code == Errc::not_found);
  REQUIRE(all.leeds.devices()->size() == 1);
  CHECK(all.leeds.devices()->front().site == "Leeds");
  CHECK(*all.leeds.sites() == std::vector<std::string>{"Leeds"});
  CHECK(*all.whole.sites() == std::vector<std::string>{"Leeds", "York"});
  CHECK(Desk(place_in(all.folder), Scope(std::vector<std::string>())).incidents({})->empty());
}

TEST_CASE("scope: several sites come in one order") {
  Sites all;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    for (const std::string device : {"atLeeds", "at", "atYork"}) all.visit(device, i, "person" + std::to_string(i));
  }
  IncidentFilter filter;
  filter.limit = 2;
  std::vector<std::uint64_t> seen;
  for (filter.offset = 0; filter.offset < 6; filter.offset += 2) {
    const auto page = *all.both.incidents(filter);
    for (const auto& one : page) seen.push_back(one.number);
  }
  std::vector<std::uint64_t> wanted;
  const auto every = *all.whole.incidents({});
  for (const auto& one : every)
    if (one.device != "at") wanted.push_back(one.number);
  CHECK(seen == wanted);
}

TEST_CASE("scope: the desk of a site decides about its own people alone, and whoever tries to look is written down") {
  Sites all;
  for (const std::string device : {"atLeeds", "atYork"}) {
    all.visit(device, 1, "anna");
    all.say(device, device + "1", "anna");
  }
  const std::uint64_t of_york = all.incident_of(all.york), of_leeds = all.incident_of(all.leeds);
  const std::string close = R"({"state": "no_action"})";
  CHECK(all.leeds.add(entry("review", of_york, "x", "", close)).error().code == Errc::not_found);
  CHECK(all.leeds.add(entry("task", of_york, "x")).error().code == Errc::not_found);
  CHECK(all.leeds.add(entry("appeal_answer", 0, "atYork1")).error().code == Errc::not_found);
  CHECK(all.leeds.add(entry("appeal_answer", of_leeds, "atYork1")).error().code == Errc::not_found);
  CHECK(all.york.incident(of_york)->state == events::State::fresh);
  CHECK(all.leeds.add(entry("review", of_leeds, "x", "", close)));
  CHECK(all.leeds.add(entry("appeal_answer", of_leeds, "atLeeds1")));
  CHECK(all.leeds.incident(of_leeds)->state == events::State::no_action);
  CHECK(lines(all.leeds, "appeal") == 1);
  CHECK(lines(all.york, "appeal_answer") == 0);
  // Nobody of Leeds is shown it; who looks after those people is.
  REQUIRE(all.leeds.add(entry("access", of_york, "refused")));
  CHECK(all.leeds.add(entry("access", 999, "refused")).error().code == Errc::not_found);
  CHECK(lines(all.leeds, "access") == 0);
  CHECK(lines(all.york, "access") == 1);
  CHECK(lines(all.whole, "access") == 1);
}

TEST_CASE("scope: who looked is shown to whoever sees all that was looked at") {
  Sites all;
  for (const std::string device : {"atLeeds", "atYork"}) all.visit(device, 1, "anna");
  const std::string two = R"({"people": ["anna on LaptopLeeds", "anna on LaptopYork"]})";
  REQUIRE(all.whole.add(entry("access", 0, "list", "", two)));
  CHECK(lines(all.leeds, "access") == 0);
  REQUIRE(all.whole.add(entry("access", 0, "person", "anna on LaptopLeeds")));
  CHECK(lines(all.leeds, "access") == 1);
  CHECK(lines(all.york, "access") == 0);
  REQUIRE(all.both.add(entry("access", 0, "person", "anna on LaptopYork")));
  CHECK(lines(all.leeds, "access") == 1);
  CHECK(lines(all.york, "access") == 1);
  REQUIRE(all.both.add(entry("access", 0, "list", "", two)));
  REQUIRE(all.york.add(entry("access", 0, "list", "", R"({"people": ["anna on LaptopYork"]})")));
  CHECK(lines(all.leeds, "access") == 1);
  CHECK(lines(all.york, "access") == 2);
  CHECK(lines(all.both, "access") == 5 - 1);  // without the list that whoever sees all laptops looked at
  CHECK(lines(all.whole, "access") == 5);
}

TEST_CASE("scope: a laptop that is moved takes along what it handed in, but for totals") {
  Sites all;
  all.visit("atLeeds", 1, "anna");
  all.say("atLeeds", "atLeeds1", "anna");
  const std::uint64_t number = all.incident_of(all.leeds);
  CHECK(all.store->move("atLeeds", "Hull").error().code == Errc::not_found);
  CHECK(all.store->move("nobody", "York").error().code == Errc::not_found);
  REQUIRE(all.store->move("atLeeds", "York"));
  CHECK(all.leeds.incidents({})->empty());
  CHECK(all.leeds.list({})->empty());
  CHECK(lines(all.leeds, "appeal") == 0);
  CHECK(all.leeds.totals(moment(), moment(86400))->events.size() == 1);
  CHECK(all.york.incident(number)->person == "anna on LaptopLeeds");
  CHECK(all.york.list({})->front().reports.size() == 1);
  CHECK(lines(all.york, "appeal") == 1);
  all.visit("atLeeds", 2, "anna");  // joins it there
  CHECK(all.york.incident(number)->count == 2);
  REQUIRE(all.store->move("atLeeds", ""));
  CHECK(all.york.incidents({})->empty());
  CHECK(all.whole.incidents({})->size() == 1);
  // A code of a site moves it too.
  REQUIRE(*all.store->redeem("CODELeeds", "atLeeds", "LaptopLeeds", moment()) == Redeemed::yes);
  CHECK(all.leeds.incidents({})->size() == 1);
}

TEST_CASE("scope: one account at two sites is two incidents, each of one site") {
  Sites all(Accounts::shared);
  all.visit("atLeeds", 1, "anna");
  all.visit("atYork", 1, "anna");
  all.visit("atYork", 2, "ben");
  all.visit("at", 1, "carl");
  CHECK(all.whole.incidents({})->size() == 4);
  CHECK(all.leeds.incident(all.incident_of(all.leeds))->person == "anna");
  CHECK(all.leeds.incident(all.incident_of(all.leeds))->count == 1);
  CHECK(all.york.list({})->size() == 2);
  IncidentFilter of_ben;
  of_ben.person = "ben";
  CHECK(*all.leeds.count_incidents(of_ben) == 0);
  CHECK(*all.york.count_incidents(of_ben) == 1);
}

TEST_CASE("scope: the desk of a site erases its own people alone") {
  Sites all;
  const auto erase = [](Desk& desk, const std::string& person) {
    return desk.erase_person(person, [](std::uint64_t) {
      Entry told = entry("erasure", 0, "on request");
      told.keep = moment() + std::chrono::days(700);
      return told;
    });
  };
  all.visit("atLeeds", 1, "anna");
  all.visit("atYork", 1, "anna");
  CHECK(erase(all.leeds, "anna on LaptopYork").error().code == Errc::refused);
  CHECK(all.york.incidents({})->front().person == "anna on LaptopYork");
  CHECK(*erase(all.leeds, "anna on LaptopLeeds") == 1);
  CHECK(all.leeds.incidents({})->front().person == "");
  EntryFilter erasures;
  erasures.kind = "erasure";
  CHECK(all.leeds.entries(erasures)->size() == 1);
  CHECK(all.york.entries(erasures)->empty());
  CHECK(all.whole.erasures()->size() == 1);
  CHECK(all.york.erasures()->empty());

  // An account of every laptop may stand at other sites too.
  Sites shared(Accounts::shared);
  shared.visit("atLeeds", 1, "anna");
  CHECK(erase(shared.leeds, "anna").error().code == Errc::refused);
  CHECK(*erase(shared.whole, "anna") == 1);
}

TEST_CASE("scope: a site that comes to be is seen from then on, and names are never SQL") {
  Sites all;
  const std::string name = "St. Anna's'); DROP TABLE devices; --";
  const Desk before(place_in(all.folder), Scope({name}));
  CHECK(before.devices()->empty());
  CHECK_FALSE(before.knows_its_sites());
  REQUIRE(all.store->add_code("NEW", "learners", 1, moment(1000), moment(), name));
  REQUIRE(*all.store->redeem("NEW", "new", "New", moment()) == Redeemed::yes);
  const Desk desk(place_in(all.folder), Scope({name}));
  REQUIRE(desk.devices()->size() == 1);
  CHECK(desk.knows_its_sites());
  CHECK(desk.devices()->front().site == name);
  CHECK(all.store->add_code("X", "learners", 1, moment(1000), moment(), " York").error().code == Errc::refused);
}

}  // namespace
}  // namespace fairlead::agent::hub
