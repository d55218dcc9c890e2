#include "agent/hub/export_queue.hpp"

#include <set>

#include "agent/hub/desk.hpp"

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

using rules::catalog::SiemField;

struct Exporting {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  ExportQueue queue{store->connection()};

  Exporting() {
    REQUIRE(store->add_code("CODE", "learners", 2, moment(3600), moment()));
    for (const char* id : {"a", "b"}) REQUIRE(store->redeem("CODE", id, "Laptop", moment()));
  }
  void take(exchange::Batch batch, events::Kind kind = events::Kind::blocked) {
    for (auto& row : batch.rows) row.event.kind = kind;
    REQUIRE(store->take(batch, **store->device(batch.device), moment()));
  }
};

TEST_CASE("ExportQueue: blocked attempts wait from the beginning on, each once, until they are taken out") {
  Exporting hub;
  hub.take(batch_of("a", 1, 2));
  REQUIRE(hub.queue.begin());
  REQUIRE(hub.queue.begin());
  CHECK(hub.queue.next(10)->numbers.empty());
  hub.take(batch_of("a", 3, 6));
  hub.take(batch_of("a", 3, 6));
  hub.take(batch_of("b", 1, 3), events::Kind::observed);
  const auto waiting = hub.queue.next(3);
  REQUIRE(waiting);
  REQUIRE(waiting->records.size() == 3);
  const events::Event event = batch_of("a", 3, 3).rows.front().event;
  CHECK(waiting->records[0].at(SiemField::category) == event.category);
  CHECK(waiting->records[0].at(SiemField::action) == "blocked");
  CHECK(waiting->records[0].at(SiemField::group) == event.group);
  CHECK(waiting->records[0].at(SiemField::person) == event.person);
  CHECK(waiting->records[0].at(SiemField::device) == "a");
  CHECK(waiting->records[0].at(SiemField::host) == event.host);
  CHECK(waiting->records[0].at(SiemField::url) == event.url);
  CHECK(hub.queue.next(3)->records[0].id == waiting->records[0].id);
  REQUIRE(hub.queue.take_out(waiting->numbers));
  CHECK(hub.queue.next(10)->records.size() == 1);
}

TEST_CASE("ExportQueue: an id is of one event alone, and says nothing of the laptop") {
  Exporting hub;
  REQUIRE(hub.queue.begin());
  hub.take(batch_of("a", 1, 3));
  hub.take(batch_of("b", 1, 3));
  std::set<std::string> ids;
  const auto waiting = hub.queue.next(10);
  REQUIRE(waiting);
  for (const siem::Record& record : waiting->records) {
    CHECK(record.id.size() == 32);
    ids.insert(record.id);
  }
  CHECK(ids.size() == 6);
}

TEST_CASE("ExportQueue: what is past its time leaves the queue untold") {
  Exporting hub;
  REQUIRE(hub.queue.begin());
  hub.take(batch_of("a", 1, 2));
  REQUIRE(hub.store->connection().execute("DELETE FROM events WHERE sequence = 1"));
  const auto waiting = hub.queue.next(10);
  CHECK(waiting->records.size() == 1);
  CHECK(waiting->numbers.size() == 2);
  REQUIRE(hub.queue.take_out(waiting->numbers));
  CHECK(hub.queue.next(10)->numbers.empty());
}

TEST_CASE("ExportQueue: of somebody who was erased meanwhile neither name nor website is told") {
  Exporting hub;
  REQUIRE(hub.queue.begin());
  hub.take(batch_of("a", 1, 1));
  const siem::Record before = hub.queue.next(10)->records.front();
  REQUIRE(before.at(SiemField::person) != "");
  Desk desk(place_in(hub.folder));
  const std::string shown = desk.incidents({})->front().person;
  REQUIRE(*desk.erase_person(shown, [](std::uint64_t) {
    events::Entry told;
    told.time = moment(100);
    told.keep = told.time + std::chrono::days(700);
    told.subject = "on request";
    told.body = "{}";
    return told;
  }) == 1);
  const siem::Record after = hub.queue.next(10)->records.front();
  CHECK(after.id == before.id);
  CHECK(after.at(SiemField::person) == "");
  CHECK(after.at(SiemField::host) == "");
  CHECK(after.at(SiemField::url) == "");
}

TEST_CASE("ExportQueue: after its end nothing waits, and taking goes on") {
  Exporting hub;
  REQUIRE(hub.queue.begin());
  hub.take(batch_of("a", 1, 2));
  REQUIRE(hub.queue.end());
  hub.take(batch_of("a", 3, 4));
  CHECK(hub.store->count_events() == 4);
  REQUIRE(hub.queue.begin());
  CHECK(hub.queue.next(10)->numbers.empty());
}

}  // namespace
}  // namespace fairlead::agent::hub
