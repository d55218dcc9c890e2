// The end of retention: the person is gone from every byte on disk, the chain still verifies.

#include "agent/events/store.hpp"
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

}  // namespace
}  // namespace fairlead::agent::events
