// The book of what was done: kept in order, found by what it is about, and moving the state of incidents.

#include <algorithm>

#include "agent/events/appeal.hpp"
#include "agent/events/store.hpp"
#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

using namespace std::chrono_literals;

Entry entry(std::string kind, std::uint64_t incident = 0, std::string body = "{}") {
  Entry out;
  out.time = moment(1'000);
  out.incident = incident;
  if (incident == 0) out.keep = moment(100'000'000);
  out.kind = std::move(kind);
  out.subject = "subject";
  out.actor = "lead1";
  out.person = "learner0";
  out.body = std::move(body);
  return out;
}

struct Filled {
  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  Filled() : store(std::move(*Store::open(folder.path()))) {
    for (int i = 0; i < 12; ++i) {
      Event event = sample(i);
      event.navigation = Navigation::yes;
      REQUIRE(record(*store, event) == Recorded::durable);
    }
  }
};

TEST_CASE("Store: an entry is kept as it was added, and found by what it is about") {
  Filled filled;
  Store& store = *filled.store;
  Entry access = entry("access");
  access.keep = moment(5'000);
  CHECK(*store.add(access) == 1);
  CHECK(*store.add(entry("export", 2)) == 2);
  Entry other = entry("access", 1);
  other.person = "learner1";
  other.actor = "lead2";
  other.subject = "incident";
  other.time = moment(2'000);
  CHECK(*store.add(other) == 3);
  const auto sequences = [&](EntryFilter filter) {
    std::string out;
    const auto found = store.entries(filter);
    REQUIRE(found);
    for (const Entry& one : *found) out += std::to_string(one.sequence) + ' ';
    return out;
  };
  CHECK(sequences({}) == "1 2 3 ");
  EntryFilter filter;
  filter.newest_first = true;
  filter.limit = 2;
  CHECK(sequences(filter) == "3 2 ");
  filter = {};
  filter.kind = "access";
  CHECK(sequences(filter) == "1 3 ");
  filter.subject = "incident";
  CHECK(sequences(filter) == "3 ");
  filter = {};
  filter.person = "learner0";
  CHECK(sequences(filter) == "1 2 ");
  filter.person = "nobody";
  CHECK(sequences(filter) == "");
  filter = {};
  filter.actor = "lead2";
  CHECK(sequences(filter) == "3 ");
  filter = {};
  filter.incident = 1;
  CHECK(sequences(filter) == "3 ");
  filter = {};
  filter.since = moment(1'500);
  CHECK(sequences(filter) == "3 ");
  filter = {};
  filter.until = moment(1'500);
  CHECK(sequences(filter) == "1 2 ");
  const Entry first = store.entries({})->front();
  CHECK(first.keep == moment(5'000));
  CHECK(first.actor == "lead1");
  CHECK(first.person == "learner0");
  CHECK(first.subject == "subject");
  CHECK(first.body == "{}");
  CHECK(first.time == moment(1'000));
  CHECK_FALSE(store.entries({})->at(1).keep);
  CHECK(store.verify()->entries == 3);
  CHECK(store.verify()->first_bad == "");
}

TEST_CASE("Store: a review moves the state of its incident, and survives the next start") {
  Filled filled;
  REQUIRE(filled.store->incident(1)->state == State::fresh);
  REQUIRE(filled.store->add(entry("review", 1, R"({"state": "in_review", "note": "spoken to"})")));
  CHECK(filled.store->incident(1)->state == State::in_review);
  CHECK(filled.store->incident(1)->changed == moment(1'000));
  CHECK(filled.store->incident(2)->state == State::fresh);
  filled.store.reset();
  filled.store = std::move(*Store::open(filled.folder.path()));
  CHECK(filled.store->incident(1)->state == State::in_review);
  CHECK(filled.store->verify()->first_bad == "");
}

TEST_CASE("Store: a summary tells what began, what is open and since when, and members come once") {
  Filled filled;
  REQUIRE(filled.store->add(entry("review", 1, R"({"state": "no_action"})")));
  const auto all = *filled.store->incidents({});
  const auto summary = *filled.store->summary(moment(), moment(86'400));
  REQUIRE(summary.begun.size() == all.size());
  REQUIRE(all.size() > 1);
  TimePoint oldest = moment(86'400);
  for (const Incident& incident : all) {
    const auto same = [&](const BegunIncident& one) {
      return one.number == incident.number && one.state == incident.state && one.first == incident.first;
    };
    CHECK(std::count_if(summary.begun.begin(), summary.begun.end(), same) == 1);
    if (incident.number != 1) oldest = std::min(oldest, incident.first);
  }
  CHECK(summary.open == all.size() - 1);
  CHECK(summary.oldest_open == oldest);
  CHECK(filled.store->summary(moment(86'400), moment(172'800))->begun.empty());
  CHECK(filled.store->members()->size() == 3);
}

TEST_CASE("Store: a review without an incident or a state that there is, is refused, and nothing is left of it") {
  Filled filled;
  Store& store = *filled.store;
  CHECK(store.add(entry("review", 1, "{}")).error().code == Errc::refused);
  CHECK(store.add(entry("review", 1, R"({"state": "blue"})")).error().code == Errc::refused);
  CHECK(store.add(entry("review", 1, "state")).error().code == Errc::refused);
  CHECK(store.add(entry("review", 0, R"({"state": "no_action"})")).error().code == Errc::refused);
  CHECK(store.add(entry("review", 99, R"({"state": "no_action"})")).error().code == Errc::not_found);
  CHECK(store.add(entry("access", 99)).error().code == Errc::not_found);
  CHECK(store.add(entry("")).error().code == Errc::refused);
  CHECK(store.add(entry("access", 0, std::string(70'000, 'x'))).error().code == Errc::refused);
  CHECK(store.entries({})->empty());
  CHECK(*store.add(entry("access", 1)) == 1);
  CHECK(store.verify()->first_bad == "");
}

TEST_CASE("Store: a personal entry that nothing would ever erase is refused") {
  Filled filled;
  Store& store = *filled.store;
  Entry endless = entry("export");
  endless.keep.reset();
  const auto refused = store.add(endless);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::refused);
  CHECK(refused.error().side == Side::client);
  endless.actor = endless.person = "";
  CHECK_FALSE(store.add(endless));  // the body is personal as well
  endless.body = "";
  CHECK(store.add(endless));
  endless = entry("export", 1);
  CHECK_FALSE(endless.keep);
  CHECK(store.add(endless));
}

TEST_CASE("open_appeal: once for each event, and none where no rule stopped it") {
  Filled filled;
  Store& store = *filled.store;
  Event malformed = sample(20);
  malformed.kind = Kind::malformed;
  REQUIRE(record(store, malformed) == Recorded::durable);
  for (const char* id : {"EV0", "EV0", "EV20"}) CHECK(open_appeal(store, id, moment(2'000)));
  CHECK_FALSE(open_appeal(store, "NONE", moment(2'000)));
  REQUIRE(store.entries({})->size() == 1);
  CHECK(store.entries({})->front().subject == "EV0");
  CHECK(store.entries({})->front().incident == store.show("EV0")->incident);
}

TEST_CASE("Store: a closed incident is not joined by later events") {
  Filled filled;
  Store& store = *filled.store;
  const std::uint64_t number = store.show("EV0")->incident;
  REQUIRE(store.add(entry("review", number, R"({"state": "action_taken"})")));
  Event again = sample(0);
  again.id = "AGAIN";
  again.time = moment(3'600);
  again.navigation = Navigation::yes;
  REQUIRE(record(store, again) == Recorded::durable);
  CHECK(store.show("AGAIN")->incident != number);
  CHECK(store.incident(number)->state == State::action_taken);
  CHECK(store.verify()->first_bad == "");
}

TEST_CASE("Store: a store that is only read takes no entry") {
  Filled filled;
  CHECK((*Store::open_read_only(filled.folder.path()))->add(entry("access")).error().code == Errc::denied);
}

}  // namespace
}  // namespace fairlead::agent::events
