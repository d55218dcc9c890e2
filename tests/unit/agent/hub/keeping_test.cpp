// What is past its time goes, and whoever asked for it is erased, down to the bytes of the files.

#include "agent/hub/keeping.hpp"

#include <fstream>
#include <iterator>
#include <list>

#include <nlohmann/json.hpp>

#include "agent/hub/desk.hpp"
#include "agent/hub/erasing.hpp"

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using events::Table;
using std::chrono::days;

constexpr auto kName = "zzquincyzz", kHost = "zzplacezz.example";
constexpr auto kTablesThatHold =
    "SELECT count(*) FROM pg_class, LATERAL (SELECT CAST(query_to_xml('SELECT * FROM ' || quote_ident(relname), false,"
    " true, '') AS TEXT) AS rows) AS whole WHERE relkind = 'r' AND relnamespace = CAST(CAST(current_schema() AS TEXT)"
    " AS regnamespace) AND position($1 IN whole.rows) > 0";

/// Two laptops; what is handed in is said row by row.
struct Kept {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  std::unique_ptr<Connection> beside = std::move(*connect(place_in(folder)));
  Desk desk{place_in(folder)};
  std::uint64_t next = 1;

  explicit Kept(Accounts accounts = Accounts::local) {
    REQUIRE(store->set_accounts(accounts));
    REQUIRE(store->add_code("CODE", "learners", 10, moment(1000), moment()));
    for (const char* device : {"a", "b"})
      REQUIRE(*store->redeem("CODE", device, std::string("Laptop ") + device, moment()) == Redeemed::yes);
  }
  Device device(const std::string& id) { return **store->device(id); }
  std::string take(const std::string& of, const std::string& person, const std::string& host,
                   const std::string& severity = "medium", Now time = moment(), Now now = moment(60)) {
    exchange::Batch batch = batch_of(of, next, next);
    ++next;
    events::Event& event = batch.rows[0].event;
    event.person = person;
    event.host = host;
    event.url = "https://" + host;
    event.words = "words of " + person;
    event.category = "gambling";
    event.severity = severity;
    event.time = time;
    REQUIRE(store->take(batch, device(of), now));
    return event.id;
  }
  void say(const std::string& of, std::uint64_t sequence, const std::string& event, const std::string& person) {
    events::Report said;
    said.person = person;
    said.time = moment(50);
    said.words = person + " was curious";
    const std::string digest = std::string(31, 'r') + static_cast<char>(sequence);
    const exchange::BookBatch batch{{of, 1, 1, {{1, sequence, digest, false, event, said}}, std::nullopt},
                                    Table::reports};
    REQUIRE(store->take(batch, device(of), moment(100)));
  }
  std::uint64_t write(const std::string& kind, std::uint64_t incident, const std::string& person,
                      const std::string& body = "{}") {
    events::Entry entry;
    entry.time = moment(100);
    entry.keep = moment(100) + days(300);
    entry.kind = kind;
    entry.actor = "lead";
    entry.person = person;
    entry.incident = incident;
    entry.body = body;
    return *desk.add(entry);
  }
  Result<std::uint64_t> erase(const std::string& shown) {
    return desk.erase_person(shown, [](std::uint64_t rows) {
      events::Entry entry;
      entry.time = moment(200);
      entry.keep = moment(200) + days(700);
      entry.actor = "lead";
      entry.subject = "on request";
      entry.body = "{\"entries\":" + std::to_string(rows) + "}";
      return entry;
    });
  }
  std::int64_t count(std::string_view table) {
    return number_at(beside->run(*texts.insert(texts.end(), "SELECT count(*) FROM " + std::string(table)), {})->front(),
                     0);
  }
  /// In any file of the store; in PostgreSQL in any row, whose files hold what is of others too.
  bool holds(const std::string& text) {
    if (!in_file()) return number_at(beside->run(kTablesThatHold, {text})->front(), 0) > 0;
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::string all((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      if (all.find(text) != std::string::npos) return true;
    }
    return false;
  }
  bool in_file() const { return beside->dialect() == database::Dialect::sqlite; }
  std::vector<std::string> texts_of_notices(const std::string& of, const std::vector<std::string>& heard = {}) {
    return store->hear(device(of), {"{}", heard}, moment(300))->notices;
  }
  std::list<std::string> texts;  // a connection prepares each text once, by its place
};

TEST_CASE("erasure: everything about a person goes, from every file, and nothing about others") {
  Kept all;
  const std::string id = all.take("a", kName, kHost);
  all.take("a", "ben", "shop.example");
  all.take("b", kName, "other.example");  // a namesake on another laptop
  all.say("a", 1, id, kName);
  const std::string shown = std::string(kName) + " on Laptop a";
  const auto incident = *all.desk.incident(all.desk.show(id)->incident);
  REQUIRE(incident.person == shown);
  all.write("review", incident.number, shown, R"({"state":"in_review","note":"zznotezz"})");
  all.write("export", 0, "", R"({"people":["ben on Laptop a",")" + shown + "\"]}");
  all.write("appeal_answer", incident.number, "", R"({"says":"zzanswerzz"})");
  REQUIRE(all.holds(kHost));

  const auto rows = all.erase(shown);
  REQUIRE(rows);
  CHECK(*rows == 5);
  CHECK(*rewrite_files(*all.beside) > 0);
  for (const std::string gone : {kHost, "zznotezz", "zzanswerzz", "was curious on"}) {
    CAPTURE(gone);
    CHECK_FALSE(all.holds(gone));
  }
  CHECK_FALSE(all.holds(shown));
  CHECK(all.holds("shop.example"));
  const auto event = *all.desk.show(id);
  CHECK(event.erased);
  CHECK(event.event.host == "");
  CHECK(event.event.category != "");
  CHECK(all.desk.incident(incident.number)->person == "");
  CHECK(all.desk.incidents({})->size() == 3);
  // The namesake on the other laptop keeps everything.
  events::Filter filter;
  filter.person = std::string(kName) + " on Laptop b";
  CHECK(all.desk.list(filter)->size() == 1);
  events::EntryFilter done;
  done.kind = "erasure";
  REQUIRE(all.desk.entries(done)->size() == 1);
  CHECK(all.desk.entries(done)->front().body == R"({"entries":5})");
  CHECK(*rewrite_files(*all.beside) == 0);
}

TEST_CASE("erasure: the laptop is told without the name, and what it hands in until it has done it comes without") {
  Kept all;
  const auto event = *all.desk.show(all.take("a", kName, kHost));
  all.write("task", event.incident, "", nlohmann::json{{"rule", event.event.rule}}.dump());
  all.write("task_answer", event.incident, "", R"({"says":"what IT wrote about it"})");
  REQUIRE(all.texts_of_notices("a").size() == 1);
  REQUIRE(all.erase(std::string(kName) + " on Laptop a"));
  const auto told = all.texts_of_notices("a");
  REQUIRE(told.size() == 1);
  CHECK(told[0].find(kName) == std::string::npos);
  CHECK(all.texts_of_notices("b").empty());
  const auto notice = exchange::read_notices(exchange::write_notices(told))->notices.front();
  const auto& erasure = std::get<exchange::ErasureNotice>(notice.what);
  CHECK(erasure.person.names(kName));
  CHECK_FALSE(erasure.person.names("ben"));
  CHECK(read_erasures(*all.beside, 5)->front().done == 0);

  const std::string late = all.take("a", kName, kHost);
  all.say("a", 1, late, kName);
  CHECK(all.desk.show(late)->erased);
  const std::string other = all.take("a", "ben", "shop.example");
  CHECK_FALSE(all.desk.show(other)->erased);
  REQUIRE(rewrite_files(*all.beside));
  CHECK_FALSE(all.holds(kName));
  CHECK_FALSE(all.holds(kHost));

  CHECK(all.texts_of_notices("a", {notice.id}).empty());
  const auto state = *read_erasures(*all.beside, 5);
  REQUIRE(state.size() == 1);
  CHECK(state[0].laptops == 1);
  CHECK(state[0].done == 1);
  // From now on it is a person as any other.
  CHECK_FALSE(all.desk.show(all.take("a", kName, kHost))->erased);
}

TEST_CASE("erasure: an account of every laptop goes on every laptop; one that was taken out is not waited for") {
  Kept all(Accounts::shared);
  all.take("a", kName, kHost);
  all.take("b", kName, "other.example");
  REQUIRE(*all.erase(kName) == 2);
  CHECK(all.texts_of_notices("a").size() == 1);
  CHECK(all.texts_of_notices("b").size() == 1);
  CHECK(read_erasures(*all.beside, 5)->front().laptops == 2);
  REQUIRE(all.store->revoke("b", moment(400)));
  CHECK(read_erasures(*all.beside, 5)->front().laptops == 1);
  CHECK(all.texts_of_notices("b").empty());
}

TEST_CASE("erasure: what is said about nobody erases nobody, and is written down all the same") {
  Kept all;
  all.take("a", "ben", "shop.example");
  CHECK(*all.erase("") == 0);
  CHECK(*all.erase("nobody' OR 1=1 --") == 0);
  CHECK(all.desk.incidents({})->front().person == "ben on Laptop a");
  events::EntryFilter done;
  done.kind = "erasure";
  CHECK(all.desk.entries(done)->size() == 1);
}

TEST_CASE("retention: each kind of event goes after its own time, and the name with the last of them") {
  Kept all;
  rules::catalog::Retention retention;
  retention.low = days(10);
  retention.medium = days(20);
  retention.critical = days(40);
  REQUIRE(keep_for(*all.beside, retention));
  CHECK(kept_for(*all.beside)->medium == days(20));
  const std::string low = all.take("a", kName, "low.example", "low");
  const std::string medium = all.take("a", kName, "medium.example", "medium");
  const std::string critical = all.take("a", kName, kHost, "critical");
  all.say("a", 1, low, kName);
  all.write("review", all.desk.show(low)->incident, "", R"({"state":"in_review"})");
  const Now day = moment();
  const auto events_at = [&](Now now) {
    REQUIRE(drop_expired(*all.beside, now));
    return all.count("events");
  };
  CHECK(events_at(day + days(10)) == 3);  // the whole day is kept as long
  CHECK(events_at(day + days(11)) == 2);
  CHECK(all.count("reports") == 0);
  CHECK(all.desk.show(low).error().code == Errc::not_found);
  CHECK(events_at(day + days(21)) == 1);
  CHECK(all.count("people WHERE name <> ''") == 1);
  CHECK(all.count("hosts WHERE name = 'zzplacezz.example'") == 1);
  CHECK(all.desk.incident(all.desk.show(critical)->incident)->person != "");
  CHECK(events_at(day + days(41)) == 0);
  CHECK(all.count("people WHERE name <> ''") == 0);
  CHECK(all.count("hosts") == 0);
  CHECK(all.count("spans") == 0);
  CHECK(all.count("entries WHERE incident <> 0 AND keep = 0") == 0);
  CHECK(all.desk.incidents({})->front().person == "");
  CHECK(all.desk.totals(day - days(1), day + days(1))->events.front().events == 3);
  CHECK(*rewrite_files(*all.beside) == (all.in_file() ? 1 : 0));  // a table that is dropped leaves no file
  CHECK_FALSE(all.holds(kName));
  CHECK_FALSE(all.holds(kHost));
  CHECK(events_at(day + kCountsKept + days(2)) == 0);
  CHECK(all.desk.incidents({})->empty());
  CHECK(all.count("totals") == 0);
  CHECK(all.count("entries") == 0);
}

TEST_CASE("retention: what a laptop whose clock is a year behind hands in is kept from the day it came") {
  Kept all;
  const Now now = moment() + days(800);
  const std::string id = all.take("a", kName, kHost, "low", now - days(366), now);
  REQUIRE(drop_expired(*all.beside, now));
  CHECK(all.desk.show(id)->event.time == now - days(366));
  REQUIRE(drop_expired(*all.beside, now + days(31)));
  CHECK(all.desk.show(id).error().code == Errc::not_found);
  // By what holds when it comes: the policy may have become another since the hub began.
  rules::catalog::Retention longer;
  longer.low = days(380);
  REQUIRE(keep_for(*all.beside, longer));
  const std::string old = all.take("a", kName, kHost, "low", now - days(366), now);
  REQUIRE(drop_expired(*all.beside, now + days(15)));
  CHECK(all.desk.show(old).error().code == Errc::not_found);
  REQUIRE(keep_for(*all.beside, {}));
  // What that laptop has erased by itself is past its time.
  exchange::Batch batch = batch_of("a", all.next, all.next);
  batch.rows[0].event.time = now - days(366);
  batch.rows[0].erased = true;
  REQUIRE(all.store->take(batch, all.device("a"), now));
  CHECK(*drop_expired(*all.beside, now) == 1);
}

TEST_CASE("retention: what was dropped is not taken a second time, and what comes after it is") {
  Kept all;
  all.take("a", "ben", "low.example", "low");
  REQUIRE(drop_expired(*all.beside, moment() + days(60)));
  exchange::Batch again = batch_of("a", 1, 2);
  again.rows[1].event.time = moment() + days(60);
  const auto receipt = all.store->take(again, all.device("a"), moment() + days(60));
  REQUIRE(receipt);
  CHECK(receipt->high == 2);
  CHECK(receipt->missing.empty());
  CHECK(all.count("events") == 1);
}

}  // namespace
}  // namespace fairlead::agent::hub
