#include "agent/hub/store.hpp"

#include "samples.hpp"

namespace fairlead::agent::hub {
namespace {

struct OpenStore {
  events::TemporaryFolder folder;
  std::unique_ptr<Store> store = std::move(*Store::open(place_in(folder)));
  OpenStore() {
    REQUIRE(store->add_code("CODE", "learners", 10, moment(1000), moment()));
    for (const char* device : {"a", "b"}) REQUIRE(*store->redeem("CODE", device, "Laptop", moment()) == Redeemed::yes);
  }
  exchange::Receipt take(const exchange::Batch& batch) {
    const auto device = store->device(batch.device);
    REQUIRE(device);
    REQUIRE(*device);
    const auto receipt = store->take(batch, **device, moment());
    REQUIRE(receipt);
    return *receipt;
  }
};

TEST_CASE("hub store: what was taken is confirmed, and comes again without being doubled") {
  OpenStore hub;
  CHECK(hub.take(batch_of("a", 1, 0)).high == 0);
  CHECK(hub.take(batch_of("a", 1, 5)).high == 5);
  CHECK(hub.take(batch_of("a", 1, 5)).high == 5);
  const auto receipt = hub.take(batch_of("a", 3, 8));
  CHECK(receipt.high == 8);
  CHECK(receipt.missing.empty());
  CHECK(*hub.store->count_events() == 8);
  // Another device's events of the same numbers are others.
  CHECK(hub.take(batch_of("b", 1, 2)).high == 2);
  CHECK(*hub.store->count_events() == 10);
}

TEST_CASE("hub store: gaps are named until they are filled") {
  OpenStore hub;
  using exchange::Range;
  CHECK(hub.take(batch_of("a", 10, 12)).missing == std::vector<Range>{{1, 9}});
  CHECK(hub.take(batch_of("a", 20, 20)).missing == std::vector<Range>{{1, 9}, {13, 19}});
  CHECK(hub.take(batch_of("a", 1, 9)).missing == std::vector<Range>{{13, 19}});
  CHECK(hub.take(batch_of("a", 1, 0)).missing == std::vector<Range>{{13, 19}});
  CHECK(hub.take(batch_of("a", 14, 16)).missing == std::vector<Range>{{13, 13}, {17, 19}});
  CHECK(hub.take(batch_of("a", 13, 19)).missing.empty());
  CHECK(*hub.store->count_events() == 20);
  CHECK(hub.take(batch_of("a", 21, 21)).high == 21);
}

TEST_CASE("hub store: an epoch that begins later has no gap before it") {
  OpenStore hub;
  exchange::Batch batch = batch_of("a", 100, 101);
  batch.first = 100;
  const auto receipt = hub.take(batch);
  CHECK(receipt.high == 101);
  CHECK(receipt.missing.empty());
}

TEST_CASE(
    "hub store: other events of the same numbers are refused whole, and those from the first difference are named") {
  OpenStore hub;
  hub.take(batch_of("a", 1, 5));
  exchange::Batch other = batch_of("a", 4, 9);
  other.rows[1].digest = std::string(32, 'x');
  const auto receipt = hub.take(other);
  CHECK(receipt.differs_from == 5);
  CHECK(*hub.store->count_events() == 5);
  CHECK(hub.take(batch_of("a", 1, 0)).high == 5);
}

TEST_CASE("hub store: a row that the laptop names and the hub has must be the same one") {
  OpenStore hub;
  hub.take(batch_of("a", 1, 5));
  exchange::Batch next = batch_of("a", 6, 7);
  next.mark = exchange::Mark{5, std::string(32, 'x')};
  CHECK(hub.take(next).differs_from == 5);
  CHECK(*hub.store->count_events() == 5);
  next.mark->digest = batch_of("a", 5, 5).rows[0].digest;
  CHECK(hub.take(next).high == 7);
  // Of a row that the hub does not have nothing can be said.
  exchange::Batch question = batch_of("a", 1, 0);
  question.mark = exchange::Mark{90, std::string(32, 'x')};
  CHECK(hub.take(question).high == 7);
}

TEST_CASE("hub store: a code is good for as many devices as it says, and for each as often as it asks") {
  events::TemporaryFolder folder;
  auto store = std::move(*Store::open(place_in(folder)));
  REQUIRE(store->add_code("ONE", "staff", 1, moment(1000), moment()));
  CHECK(*store->redeem("TWO", "a", "A", moment()) == Redeemed::unknown);
  CHECK(*store->redeem("ONE", "a", "A", moment()) == Redeemed::yes);
  CHECK(*store->redeem("ONE", "b", "B", moment()) == Redeemed::used_up);
  CHECK(*store->redeem("ONE", "a", "A", moment()) == Redeemed::yes);  // its answer was lost
  CHECK(*store->redeem("ONE", "b", "B", moment()) == Redeemed::used_up);
  CHECK(*store->redeem("ONE", "a", "A", moment(2000)) == Redeemed::expired);
  CHECK_FALSE(store->device("b")->has_value());
  CHECK((*store->device("a"))->group == "staff");
  REQUIRE(store->revoke("a", moment()));
  CHECK(*store->redeem("ONE", "a", "A", moment()) == Redeemed::revoked);
  CHECK((*store->device("a"))->revoked);
  CHECK(store->revoke("b", moment()).error().code == Errc::not_found);
}

TEST_CASE("hub store: opened again it has what it had, and text is never SQL") {
  events::TemporaryFolder folder;
  const std::string hostile = "'); DROP TABLE events; --";
  {
    auto store = std::move(*Store::open(place_in(folder)));
    REQUIRE(store->add_code(hostile, hostile, 5, moment(1000), moment()));
    REQUIRE(*store->redeem(hostile, hostile, hostile, moment()) == Redeemed::yes);
    exchange::Batch batch = batch_of(hostile, 1, 1);
    batch.rows[0].event.url = batch.rows[0].event.words = hostile;
    REQUIRE(store->take(batch, **store->device(hostile), moment()));
    REQUIRE(store->note({moment(), hostile, hostile, hostile, hostile}));
    REQUIRE(store->hear(**store->device(hostile), {hostile, {hostile}}, moment(5)));
  }
  auto store = std::move(*Store::open(place_in(folder)));
  CHECK(*store->count_events() == 1);
  REQUIRE(store->devices()->size() == 1);
  CHECK(store->devices()->front().name == hostile);
  CHECK(store->devices()->front().health == hostile);
  CHECK(store->devices()->front().seen == moment(5));
  CHECK(store->notes(10)->front().detail == hostile);
}

}  // namespace
}  // namespace fairlead::agent::hub
