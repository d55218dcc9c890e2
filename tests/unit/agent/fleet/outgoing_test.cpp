#include "agent/fleet/outgoing.hpp"

#include <algorithm>
#include <set>

#include "tests/unit/agent/events/samples.hpp"

namespace fairlead::agent::fleet {
namespace {

using events::Event;
using events::moment;
using events::Navigation;

/// As an application asks for it that is refused and asks again at once.
Event hammered(int number, int milliseconds) {
  Event event = events::sample(0);
  event.id = "EV" + std::to_string(number);
  event.time = moment() + std::chrono::milliseconds(milliseconds);
  event.person = "learner";
  event.host = "tracker.example";
  event.url = "https://tracker.example/" + std::to_string(number);
  event.navigation = Navigation::unknown;
  return event;
}

struct Outbox {
  events::TemporaryFolder folder;
  std::unique_ptr<events::Store> store = std::move(*events::Store::open(folder.path()));
  int number = 0;

  /// change   of each event, by its number
  void record(int count, int every, const std::function<void(Event&, int)>& change = nullptr) {
    for (int i = 0; i < count; ++i, ++number) {
      Event event = hammered(number, number * every);
      if (change) change(event, number);
      store->record(std::move(event), nullptr);
    }
    store->flush();
  }
  Part part() const { return {events::Table::events, store->epochs()->front()}; }
  exchange::Batch batch(std::uint64_t first, std::uint64_t last) const {
    const auto out = rows_of(*store, "device", part(), {first, last});
    REQUIRE(out);
    CHECK(out->text.size() <= exchange::kEnoughBytes + 4'096);
    const auto batch = exchange::read_batch(out->text);
    REQUIRE(batch);
    std::set<std::uint64_t> named(out->sequences.begin(), out->sequences.end());
    CHECK(named.size() == batch->covered());
    // From the first on, without a gap.
    CHECK(*named.begin() == first);
    CHECK(*named.rbegin() == first + named.size() - 1);
    return *batch;
  }
  /// Everything, as it would travel in batches of at most so many events.
  std::vector<exchange::Batch> all(std::uint64_t most = exchange::kMostCovered) const {
    std::vector<exchange::Batch> out;
    const auto last = part().range.last;
    for (std::uint64_t next = 1; next <= last; next += out.back().covered())
      out.push_back(batch(next, std::min(last, next + most - 1)));
    return out;
  }
};

std::set<std::uint64_t> rows_in(const std::vector<exchange::Batch>& batches) {
  std::set<std::uint64_t> out;
  for (const auto& batch : batches)
    for (const auto& row : batch.rows) out.insert(row.sequence);
  return out;
}

TEST_CASE("outgoing: an hour as people cause it goes event by event") {
  Outbox outbox;
  outbox.record(500, 1000);
  CHECK(rows_in(outbox.all()).size() == 500);
}

TEST_CASE("outgoing: of an hour with very many events few travel, and all are told of") {
  Outbox outbox;
  outbox.record(3'000, 100, [](Event& event, int number) {
    if (number % 3 == 1) event.host = "other.example";
    if (number % 50 == 0) event.person = "another";
    if (number % 100 == 1) event.words = "searched";
  });
  const auto batches = outbox.all();
  std::uint64_t covered = 0;
  for (const auto& batch : batches) {
    covered += batch.covered();
    for (const auto& one : batch.merged) {
      const Event event = outbox.store->show(one.id)->event, &of_row = batch.rows.at(one.row).event;
      CHECK(event.time == one.time);
      CHECK(event.person == of_row.person);
      CHECK(event.host == of_row.host);
      CHECK(event.words == of_row.words);
    }
  }
  CHECK(covered == 3'000);
  CHECK(rows_in(batches).size() <= 500 + 5 * batches.size());
  CHECK(batches.size() <= 4);
}

TEST_CASE("outgoing: the events that an hour has in full are the same in whatever portions they travel") {
  Outbox outbox;
  outbox.record(1'400, 100);
  for (const std::uint64_t most : {70, 333, 1'000}) {
    const auto rows = rows_in(outbox.all(most));
    for (std::uint64_t sequence = 1; sequence <= 500; ++sequence) REQUIRE(rows.contains(sequence));
    CHECK(rows.size() <= 500 + 900 / most + 2);
  }
}

TEST_CASE("outgoing: each clock hour has its events in full, and nothing is merged over its end") {
  Outbox outbox;
  outbox.record(1'000, 6'000);  // 600 in the first hour
  const auto rows = rows_in(outbox.all());
  CHECK(rows.size() <= 500 + 2 + 400);
  for (std::uint64_t sequence = 601; sequence <= 1'000; ++sequence) REQUIRE(rows.contains(sequence));
}

TEST_CASE("outgoing: what a learner said something about is never merged, and nobody stands for what was erased") {
  Outbox outbox;
  outbox.record(1'500, 100, [](Event& event, int number) {
    if (number % 2 == 1) event.person = "gone";
  });
  REQUIRE(events::report(*outbox.store, {"EV1000", "learner", events::ReportKind::wrong, moment(200), "why?"}));
  REQUIRE(outbox.store->erase_person("gone", events::erasure));
  const auto batches = outbox.all();
  const auto rows = rows_in(batches);
  CHECK(rows.contains(1'001));
  for (std::uint64_t sequence = 2; sequence <= 1'500; sequence += 2) REQUIRE(rows.contains(sequence));
  CHECK(rows.size() <= 250 + 750 + 2 * batches.size() + 1);
}

TEST_CASE("outgoing: the first event of each incident is a row, also where one before it is like it") {
  Outbox outbox;
  outbox.record(900, 1'000);
  events::Entry review;
  review.time = moment(900);
  review.kind = "review";
  review.actor = "lead";
  review.incident = outbox.store->incidents({})->front().number;
  review.body = R"({"state":"no_action"})";
  REQUIRE(outbox.store->add(review));
  outbox.record(900, 1'000);
  const auto rows = rows_in(outbox.all());
  CHECK(rows.size() < 510);
  const auto incidents = outbox.store->incidents({});
  REQUIRE(incidents);
  CHECK(incidents->size() == 2);
  for (const auto& incident : *incidents)
    CHECK(rows.contains(outbox.store->events_of(incident.number, 1, 0)->front().sequence));
}

TEST_CASE("outgoing: the mark is the row before the first, whatever else was looked at") {
  Outbox outbox;
  outbox.record(900, 100);
  const auto batch = outbox.batch(700, 900);
  REQUIRE(batch.mark);
  CHECK(batch.mark->sequence == 699);
  CHECK(batch.mark->id == "EV698");
  CHECK_FALSE(outbox.batch(1, 900).mark);
  const auto question = ask_about(*outbox.store, "device", outbox.part(), 900);
  REQUIRE(question);
  CHECK(question->sequences.empty());
  CHECK(exchange::read_batch(question->text)->mark->id == "EV899");
}

}  // namespace
}  // namespace fairlead::agent::fleet
