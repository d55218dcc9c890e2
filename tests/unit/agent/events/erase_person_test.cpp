// Erasure of one person on request: wherever the name stands, also inside what was noted about several people.

#include <array>

#include "agent/events/store.hpp"
#include "faulty_disk.hpp"
#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kForgotten = "person-to-forget";

/// As it is written of a list: nobody in the column, all in the body.
Entry noted(std::string kind, std::string body) {
  Entry entry;
  entry.time = moment(1'000);
  entry.keep = moment() + 24h * 700;
  entry.kind = std::move(kind);
  entry.actor = "lead1";
  entry.body = std::move(body);
  return entry;
}

bool in_files(const std::filesystem::path& folder, std::string_view needle) {
  return bytes_of(folder / "events.db").find(needle) != std::string::npos ||
         bytes_of(folder / "events.db-wal").find(needle) != std::string::npos;
}

/// Bodies that hold the name as a text, and bodies that only look as if they did.
constexpr std::array kHolding = {R"({"people": ["learner1", "person-to-forget"]})",
                                 R"({"from": "10.0.0.7", "person": "person-to-forget"})",
                                 R"({"deep": [{"er": {"who": "person-to-forget"}}]})",
                                 R"({"people": ["person\u002dto-\u0066orget"]})", "person-to-forget, and no JSON"};
constexpr std::array kOthers = {R"({"people": ["learner1", "learner2"]})", R"({"people": ["Person-to-forget"]})",
                                R"({"people": ["person-to-forge"]})", R"({"people": ["a \"person\" to forget"]})",
                                "{}"};

TEST_CASE("Store: entries about a person are found where their body names them among others") {
  TemporaryFolder folder;
  const auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(1)) == Recorded::durable);
  for (const char* body : kHolding) REQUIRE((*store)->add(noted("access", body)));
  for (const char* body : kOthers) REQUIRE((*store)->add(noted("access", body)));
  Entry own = noted("access", R"({"version": "person-to-forget"})");
  own.person = "learner1";  // about one person: what its body says is no name
  REQUIRE((*store)->add(own));
  const auto sequences = [&](std::string person, std::string kind, std::size_t limit = 0) {
    EntryFilter filter;
    filter.person = std::move(person);
    filter.kind = std::move(kind);
    filter.limit = limit;
    const auto found = (*store)->entries(filter);
    REQUIRE(found);
    std::string out;
    for (const Entry& one : *found) out.append(std::to_string(one.sequence)).append(" ");
    return out;
  };
  CHECK(sequences(std::string(kForgotten), "access") == "1 2 3 4 5 ");
  CHECK(sequences(std::string(kForgotten), "") == "1 2 3 4 5 ");
  CHECK(sequences(std::string(kForgotten), "access", 2) == "1 2 ");
  CHECK(sequences("learner1", "access") == "1 6 11 ");
  CHECK(sequences("nobody", "access") == "");
}

TEST_CASE("Store: a person is erased from the bodies of entries too, whether or not events name them") {
  for (const bool known : {true, false}) {
    CAPTURE(known);
    TemporaryFolder folder;
    const auto store = Store::open(folder.path());
    Event event = sample(1);
    if (known) event.person = kForgotten;
    REQUIRE(record(**store, event) == Recorded::durable);
    for (const char* body : kHolding) REQUIRE((*store)->add(noted("access", body)));
    for (const char* body : {kOthers[0], kOthers[3], kOthers[4]}) REQUIRE((*store)->add(noted("sign_in", body)));
    REQUIRE(in_files(folder.path(), kForgotten));
    const auto erased = (*store)->erase_person(kForgotten, erasure);
    REQUIRE(erased);
    CHECK(*erased == (known ? 6 : 5));
    CHECK_FALSE(in_files(folder.path(), kForgotten));
    CHECK_FALSE(in_files(folder.path(), "u002dto"));
    const auto entries = (*store)->entries({});
    REQUIRE(entries);
    CHECK(entries->back().kind == "erasure");
    for (const Entry& entry : *entries) CHECK(entry.erased == (entry.kind == "access"));
    CHECK((*store)->verify()->first_bad == "");
  }
}

TEST_CASE("Store: that a person was erased is in the book before the first row is, and names nobody") {
  FaultyDisk& disk = faulty_disk();
  bool some = false;
  bool whole = false;
  for (int good_writes = 0; good_writes < 200 && !whole; ++good_writes) {
    CAPTURE(good_writes);
    TemporaryFolder folder;
    auto store = Store::open(folder.path());
    for (int i = 0; i < 300; ++i) {  // more than one commit
      Event event = sample(i);
      event.person = kForgotten;
      (*store)->record(event, nullptr);
    }
    (*store)->flush();
    disk.good_writes = good_writes * 4;
    disk.write_answer = SQLITE_IOERR_WRITE;
    whole = (*store)
                ->erase_person(kForgotten,
                               [](std::uint64_t rows) {
                                 Entry entry = erasure(rows);
                                 entry.person = kForgotten;
                                 return entry;
                               })
                .has_value();
    disk.write_answer = SQLITE_OK;
    disk.good_writes = 1'000'000;
    store->reset();
    store = Store::open(folder.path());
    REQUIRE(store);
    std::size_t erased = 0;
    REQUIRE((*store)->for_each({}, [&](const Stored& row) { erased += row.erased ? 1 : 0; }));
    some = some || (erased > 0 && erased < 300);
    EntryFilter filter;
    filter.kind = "erasure";
    const auto told = (*store)->entries(filter);
    REQUIRE(told);
    CHECK(told->size() <= 1);
    if (erased > 0) REQUIRE(told->size() == 1);
    if (!told->empty()) {
      CHECK(told->front().body == "300");
      CHECK(told->front().person.empty());
      CHECK_FALSE(told->front().erased);
    }
    CHECK((*store)->verify()->first_bad == "");
  }
  CHECK(some);
  CHECK(whole);
}

/// What a killed process leaves: the files as they lie there, the log with its old pages.
void copy_as_left(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* name : {"events.db", "events.db-wal", "device.db"})
    std::filesystem::copy_file(from / name, to / name);
}

TEST_CASE("Store: what was erased before the process died is gone from the log once it starts again") {
  TemporaryFolder folder;
  TemporaryFolder left;
  const auto store = Store::open(folder.path());
  Event event = sample(1);
  event.person = kForgotten;
  REQUIRE(record(**store, event) == Recorded::durable);
  {
    Editor reader(folder.path() / "events.db");  // holds up whoever would empty the log
    REQUIRE(reader.run("BEGIN") >= 0);
    REQUIRE(reader.text("SELECT count(*) FROM events") == "1");
    REQUIRE((*store)->erase_person(kForgotten, erasure));
    copy_as_left(folder.path(), left.path());
  }
  REQUIRE(in_files(left.path(), kForgotten));
  const auto again = Store::open(left.path());
  REQUIRE(again);
  CHECK_FALSE(in_files(left.path(), kForgotten));
  CHECK((*again)->verify()->first_bad == "");
  // And where the process goes on, with the next write after the reader went.
  CHECK(in_files(folder.path(), kForgotten));
  REQUIRE(record(**store, sample(2)) == Recorded::durable);
  (*store)->flush();
  CHECK_FALSE(in_files(folder.path(), kForgotten));
}

TEST_CASE("Store: what was erased is gone from the log though a later part of the erasure failed") {
  FaultyDisk& disk = faulty_disk();
  bool some = false;
  bool whole = false;
  for (int good_writes = 0; good_writes < 300 && !whole; good_writes += 4) {
    CAPTURE(good_writes);
    TemporaryFolder folder;
    const auto store = Store::open(folder.path());
    for (int i = 0; i < 300; ++i) {  // more than one commit
      Event event = sample(i);
      if (i == 0) event.person = kForgotten;
      (*store)->record(event, nullptr);
    }
    (*store)->flush();
    disk.good_writes = good_writes;
    disk.write_answer = SQLITE_FULL;
    whole = (*store)->erase_expired({}, moment() + 24h * 365).has_value();
    disk.write_answer = SQLITE_OK;
    disk.good_writes = 1'000'000;
    (*store)->flush();
    if (!(*store)->show("EV0")->erased) continue;
    some = some || !(*store)->show("EV299")->erased;
    CHECK_FALSE(in_files(folder.path(), kForgotten));
  }
  CHECK(some);
  CHECK(whole);
}

}  // namespace
}  // namespace fairlead::agent::events
