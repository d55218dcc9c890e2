// The end of retention: the person is gone from every byte on disk, the chain still verifies.

#include "agent/events/store.hpp"

#include <array>
#include <map>
#include <set>

#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

using rules::catalog::Retention;
using namespace std::chrono_literals;

/// Everything in the folder, the log and set-aside files too.
bool anywhere(const std::filesystem::path& folder, std::string_view needle) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (bytes_of(file.path()).find(needle) != std::string::npos) return true;
  }
  return false;
}

TEST_CASE("Store: erasure removes the bytes from the disk and keeps the chain whole") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  for (int i = 0; i < 60; ++i) {
    Event event = sample(i);
    event.severity = i < 50 ? "low" : "critical";
    event.person = i < 50 ? "person-to-forget" : "person-to-keep";
    event.host = "host-to-forget.example";
    event.url = "https://host-to-forget.example/" + std::string(1'500, 'p');  // more than fits beside the row
    event.words = "words-to-forget";
    event.span = "span-to-forget";
    event.losers = R"(["loser-to-forget"])";
    if (i >= 50) event.host = event.url = event.words = event.span = event.losers = "";
    REQUIRE(record(**store, event) == Recorded::durable);
  }
  REQUIRE(report(**store, {"EV7", "person-to-forget", ReportKind::concern, moment(), "report-to-forget"}));
  REQUIRE(report(**store, {"EV55", "person-to-keep", ReportKind::concern, moment(), "report-to-keep"}));
  REQUIRE(anywhere(folder.path(), "person-to-forget"));
  REQUIRE(anywhere(folder.path(), "report-to-forget"));

  CHECK(*(*store)->erase_expired(Retention{}, moment() + 24h * 29) == 0);
  CHECK(*(*store)->erase_expired(Retention{}, moment() + 24h * 31) == 50);
  CHECK(*(*store)->erase_expired(Retention{}, moment() + 24h * 31) == 0);
  for (const char* needle : {"person-to-forget", "host-to-forget", "words-to-forget", "span-to-forget",
                             "loser-to-forget", "report-to-forget", "pppppppp"}) {
    CAPTURE(needle);
    CHECK_FALSE(anywhere(folder.path(), needle));
  }
  CHECK(anywhere(folder.path(), "person-to-keep"));
  CHECK(anywhere(folder.path(), "report-to-keep"));

  const auto verified = (*store)->verify();
  REQUIRE(verified);
  CHECK(verified->first_bad == "");
  CHECK(verified->rows == 60);
  CHECK(verified->erased == 50);
  const auto shown = (*store)->show("EV7");
  REQUIRE(shown);
  CHECK(shown->erased);
  CHECK(shown->event.person.empty());
  CHECK(shown->event.category == "violence");
  REQUIRE(shown->reports.size() == 1);
  CHECK(shown->reports[0].words.empty());
  CHECK_FALSE((*store)->show("EV55")->erased);

  // And the store goes on.
  CHECK(record(**store, sample(60)) == Recorded::durable);
  CHECK((*store)->verify()->first_bad == "");
}

TEST_CASE("Store: each severity, and observed events, have their own time") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  int number = 0;
  for (const char* severity : {"low", "medium", "high", "critical", ""}) {
    for (const Kind kind : {Kind::blocked, Kind::observed}) {
      Event event = sample(number++);
      event.time = moment();
      event.severity = severity;
      event.kind = kind;
      REQUIRE(record(**store, event) == Recorded::durable);
    }
  }
  const Retention retention{.low = std::chrono::days(30),
                            .medium = std::chrono::days(90),
                            .high = std::chrono::days(180),
                            .critical = std::chrono::days(365),
                            .observed = std::chrono::days(10)};
  const auto left = [&](int day) {
    REQUIRE((*store)->erase_expired(retention, moment(1) + 24h * day));
    std::string out;
    (void)(*store)->for_each({}, [&](const Stored& row) { out += row.erased ? '-' : 'x'; });
    return out;
  };
  CHECK(left(9) == "xxxxxxxxxx");
  CHECK(left(10) == "x-x-x-x-x-");
  CHECK(left(30) == "--x-x-x---");  // an event without a severity goes with the lowest
  CHECK(left(90) == "----x-x---");
  CHECK(left(180) == "------x---");
  CHECK(left(365) == "----------");
}

TEST_CASE("Store: old counters go after two years, and the chain knows") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  (*store)->count("adverts", "learners", moment());
  (*store)->count("adverts", "learners", moment() + 24h * 700);
  (*store)->flush();
  REQUIRE((*store)->erase_expired(Retention{}, moment() + 24h * 731));
  CHECK((*store)->verify()->first_bad == "");
  Editor file(folder.path() / "events.db");
  CHECK(file.text("SELECT count(*) FROM counters") == "1");
}

TEST_CASE("Store: no report can be put on an erased event") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(1)) == Recorded::durable);
  REQUIRE(*(*store)->erase_expired(Retention{}, moment() + 24h * 400) == 1);
  CHECK(report(**store, {"EV1", "learner1", ReportKind::wrong, moment(), ""}).error().code == Errc::not_found);
  CHECK(report(**store, {"EV1", "", ReportKind::wrong, moment(), ""}).error().code == Errc::not_found);
}

/// Every "«prefix»-NNNN" that stands anywhere in the folder.
std::set<std::string> tokens(const std::filesystem::path& folder, const std::string& prefix) {
  std::set<std::string> out;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string bytes = bytes_of(file.path());
    for (auto at = bytes.find(prefix + "-"); at != std::string::npos; at = bytes.find(prefix + "-", at + 1))
      out.insert(bytes.substr(at, prefix.size() + 5));
  }
  return out;
}

std::string token(const std::string& prefix, std::size_t number) {
  return prefix + "-" + std::to_string(1'000 + number);
}

/// A few thousand rows in every table, so that pages fill, split and are freed.
struct Crowd {
  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  std::mt19937 random{7};

  Crowd() : store(std::move(*Store::open(folder.path()))) {
    for (std::size_t i = 0; i < 3'000; ++i) store->record(event(i), nullptr);
    store->flush();
    for (std::size_t i = 0; i < 3'000; i += 7) {
      const Event about = event_of(i);
      REQUIRE(report(*store, {about.id, about.person, ReportKind::wrong, about.time, token("report", i)}));
    }
    for (std::size_t i = 0; i < 400; ++i) {
      Entry entry;
      entry.time = moment(static_cast<int>(i));
      entry.kind = i % 4 == 0 ? "review" : "access";
      entry.incident = i % 4 == 0 ? store->show(event_of(i * 7).id)->incident : 0;
      if (i % 4 != 0) entry.keep = moment() + 24h * static_cast<int>(40 + i % 50);
      entry.actor = token("actor", i % 11);
      entry.person = event_of(i * 7).person;
      entry.body = R"({"state": "in_review", "note": ")" + token("note", i) + std::string(i * 40 % 6'000, 'n') + "\"}";
      REQUIRE(store->add(entry));
    }
  }
  Event event(std::size_t i) {
    Event out = sample(static_cast<int>(i));
    out.time = moment() + 24h * static_cast<int>(random() % 60);
    out.person = token("person", random() % 90);
    out.host = token("host", random() % 700);
    out.url = "https://" + out.host + "/" + std::string(random() % 3 == 0 ? random() % 1'900 : random() % 30, 'u');
    out.severity = std::array{"low", "medium", "high", "critical"}.at(random() % 4);
    out.words = token("words", i);
    out.navigation = std::array{Navigation::yes, Navigation::no, Navigation::unknown}.at(random() % 3);
    events.push_back(out);
    return out;
  }
  const Event& event_of(std::size_t i) const { return events.at(i); }
  std::vector<Event> events;

  /// What may still stand there: what rows bear that are not erased.
  void check() const {
    std::map<std::string, std::set<std::string>> allowed;
    REQUIRE(store->for_each({}, [&](const Stored& row) {
      if (row.erased) return;
      allowed["person"].insert(row.event.person);
      allowed["host"].insert(row.event.host);
      allowed["words"].insert(row.event.words);
      for (const Report& one : row.reports) allowed["report"].insert(one.words);
    }));
    const auto entries = store->entries({});
    REQUIRE(entries);
    for (const Entry& entry : *entries) {
      if (entry.erased || entry.kind == "erasure") continue;
      allowed["person"].insert(entry.person);
      allowed["actor"].insert(entry.actor);
      allowed["note"].insert(entry.body.substr(entry.body.find("note-"), 9));
    }
    for (const char* prefix : {"person", "host", "words", "report", "actor", "note"}) {
      CAPTURE(prefix);
      CHECK(tokens(folder.path(), prefix) == allowed[prefix]);
    }
    IncidentFilter all;
    all.limit = 10'000;
    const auto incidents = store->incidents(all);
    REQUIRE(incidents);
    for (const Incident& incident : *incidents) {
      CHECK((incident.person.empty() || allowed["person"].contains(incident.person)));
      CHECK((incident.host.empty() || allowed["host"].contains(incident.host)));
      CHECK((!incident.erased || incident.person.empty()));
    }
    CHECK(store->verify()->first_bad == "");
  }
};

TEST_CASE("Store: day after day, nothing personal is left in any table or index, and the counts stay") {
  Crowd crowd;
  Store& store = *crowd.store;
  const auto sum = [&] {
    const auto totals = store.totals(moment() - 24h, moment() + 24h * 100);
    REQUIRE(totals);
    std::uint64_t out = 0;
    for (const Totals::Events& one : totals->events) out += one.events;
    return out;
  };
  crowd.check();
  CHECK(sum() == 3'000);
  const auto incidents = *store.count_incidents({});
  for (const int day : {31, 33, 60, 88, 100, 145, 200, 300, 424, 426}) {
    CAPTURE(day);
    REQUIRE(store.erase_expired({}, moment() + 24h * day));
    crowd.check();
  }
  CHECK(tokens(crowd.folder.path(), "person").empty());
  CHECK(sum() == 3'000);
  CHECK(*store.count_incidents({}) == incidents);
  // Reviews lost who and what with their incident, and keep that there was one.
  EntryFilter reviews;
  reviews.kind = "review";
  REQUIRE(store.entries(reviews)->size() == 100);
  CHECK(store.entries(reviews)->at(0).erased);
  CHECK(store.incident(store.entries(reviews)->at(0).incident)->state == State::in_review);
}

TEST_CASE("Store: on request everything about one person is erased, and nothing about the others") {
  Crowd crowd;
  Store& store = *crowd.store;
  Filter filter;
  filter.person = "person-1007";
  const std::size_t theirs = store.list(filter)->size();
  REQUIRE(theirs > 0);
  std::size_t others = 0;
  for (const Event& event : crowd.events) others += event.person != "person-1007";
  const auto erased = store.erase_person("person-1007", erasure);
  REQUIRE(erased);
  CHECK(*erased >= theirs);
  CHECK(store.list(filter)->empty());
  CHECK_FALSE(tokens(crowd.folder.path(), "person").contains("person-1007"));
  std::size_t left = 0;
  REQUIRE(store.for_each({}, [&](const Stored& row) { left += row.erased ? 0 : 1; }));
  CHECK(left == others);
  crowd.check();
  CHECK(*store.erase_person("person-1007", erasure) == 0);
  CHECK(*store.erase_person("nobody", erasure) == 0);
  CHECK(*store.erase_person("", erasure) == 0);
}

}  // namespace
}  // namespace fairlead::agent::events
