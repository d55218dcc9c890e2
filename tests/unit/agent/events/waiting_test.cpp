// The store on a disk that is full, broken or not there: filtering goes on, nothing acknowledged is untrue.

#include <vector>

#include "agent/events/store.hpp"
#include "faulty_disk.hpp"
#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

struct Mended {
  ~Mended() {
    FaultyDisk& disk = faulty_disk();
    disk.write_answer = SQLITE_OK;
    disk.sync_answer = SQLITE_OK;
    disk.good_writes = 1'000'000;
  }
};

void expect_rows_in_order(Store& store, int count) {
  const auto rows = store.list({});
  REQUIRE(rows);
  REQUIRE(rows->size() == static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Stored& row = (*rows)[static_cast<std::size_t>(i)];
    CHECK(row.event.id == "EV" + std::to_string(i));
    CHECK(row.sequence == static_cast<std::uint64_t>(i) + 1);
  }
  CHECK(store.verify()->first_bad == "");
}

TEST_CASE("Store on a full disk: events wait, status tells, and they are written in order once there is room") {
  FaultyDisk& disk = faulty_disk();
  const Mended mended;
  // Full at the first write, and in the middle of a commit.
  for (const int good_writes : {0, 1, 3}) {
    CAPTURE(good_writes);
    TemporaryFolder folder;
    auto store = Store::open(folder.path());
    REQUIRE(record(**store, sample(0)) == Recorded::durable);
    disk.good_writes = good_writes;
    disk.write_answer = SQLITE_FULL;
    CHECK(record(**store, sample(1)) == Recorded::waiting);
    CHECK(record(**store, sample(2)) == Recorded::waiting);
    CHECK((*store)->status().waiting == 2);
    CHECK((*store)->status().trouble.find("full") != std::string::npos);
    CHECK(report(**store, {"EV0", "learner0", ReportKind::wrong, moment(), ""}).error().code == Errc::broken_store);
    CHECK((*store)->list({})->size() == 1);
    disk.write_answer = SQLITE_OK;
    (*store)->flush();
    CHECK(record(**store, sample(3)) == Recorded::durable);
    CHECK((*store)->status().waiting == 0);
    CHECK((*store)->status().trouble.empty());
    CHECK((*store)->status().lost == 0);
    expect_rows_in_order(**store, 4);
  }
}

TEST_CASE("Store on a disk that fails to write: the file is opened again and nothing is written twice") {
  FaultyDisk& disk = faulty_disk();
  const Mended mended;
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  disk.good_writes = 0;
  disk.write_answer = SQLITE_IOERR_WRITE;
  CHECK(record(**store, sample(1)) == Recorded::waiting);
  disk.write_answer = SQLITE_OK;
  (*store)->flush();
  expect_rows_in_order(**store, 2);
}

TEST_CASE("Store on a disk that fails to write an entry: status tells, and the file is opened again") {
  FaultyDisk& disk = faulty_disk();
  const Mended mended;
  TemporaryFolder folder;
  const auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  Entry entry = erasure(1);
  entry.kind = "export";
  disk.good_writes = 0;
  disk.write_answer = SQLITE_IOERR_WRITE;
  CHECK((*store)->add(entry).error().code == Errc::denied);
  CHECK((*store)->status().trouble.find("disk I/O") != std::string::npos);
  disk.write_answer = SQLITE_OK;
  (*store)->flush();
  CHECK((*store)->status().trouble.empty());
  CHECK((*store)->add(entry));
  CHECK((*store)->verify()->first_bad == "");
}

TEST_CASE("Store: an entry that its writer got wrong is no trouble of the disk's") {
  TemporaryFolder folder;
  const auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  Entry review = erasure(1);
  review.kind = "review";
  review.incident = 1;
  review.body = R"({"state": "blue"})";
  CHECK((*store)->add(review).error().side == Side::client);
  CHECK((*store)->status().trouble.empty());
}

TEST_CASE("Store on a disk whose sync fails: a commit that came through all the same is not written twice") {
  FaultyDisk& disk = faulty_disk();
  const Mended mended;
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  disk.sync_answer = SQLITE_IOERR_FSYNC;
  CHECK(record(**store, sample(1)) == Recorded::waiting);
  CHECK(record(**store, sample(2)) == Recorded::waiting);
  (*store)->flush();
  CHECK((*store)->status().waiting > 0);
  disk.sync_answer = SQLITE_OK;
  (*store)->flush();
  expect_rows_in_order(**store, 3);
}

TEST_CASE("Store: a file that cannot be opened is waited for, and opened when it can be") {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "device.db");
  const auto store = Store::open_or_waiting(folder.path());
  CHECK_FALSE(store->status().trouble.empty());
  CHECK_FALSE(Store::open(folder.path()));
  for (int i = 0; i < 5; ++i) CHECK(record(*store, sample(i)) == Recorded::waiting);
  CHECK_FALSE(store->list({}));
  std::filesystem::remove(folder.path() / "device.db");
  store->flush();
  CHECK(store->status().trouble.empty());
  expect_rows_in_order(*store, 5);
}

TEST_CASE("Store: a writer that somebody else locks out waits and goes on") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  {
    Editor other(folder.path() / "events.db");
    REQUIRE(other.run("BEGIN IMMEDIATE") >= 0);
    CHECK(record(**store, sample(1)) == Recorded::waiting);
  }
  (*store)->flush();
  expect_rows_in_order(**store, 2);
}

TEST_CASE("Store: no more than 10,000 events wait; the rest is counted as lost") {
  FaultyDisk& disk = faulty_disk();
  const Mended mended;
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  disk.good_writes = 0;
  disk.write_answer = SQLITE_FULL;
  std::atomic<int> waiting = 0;
  std::atomic<int> lost = 0;
  for (int i = 1; i <= 10'100; ++i) {
    (*store)->record(sample(i), [&](Recorded recorded) {
      waiting += recorded == Recorded::waiting;
      lost += recorded == Recorded::lost;
    });
  }
  (*store)->flush();
  CHECK(waiting == 10'000);
  CHECK(lost == 100);
  CHECK((*store)->status().waiting == 10'000);
  CHECK((*store)->status().lost == 100);
  disk.write_answer = SQLITE_OK;
  (*store)->flush();
  expect_rows_in_order(**store, 10'001);
}

TEST_CASE("Store: counters wait with the events") {
  FaultyDisk& disk = faulty_disk();
  const Mended mended;
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  disk.good_writes = 0;
  disk.write_answer = SQLITE_FULL;
  (*store)->count("adverts", "learners", moment());
  (*store)->flush();
  CHECK((*store)->status().quiet == 0);
  disk.write_answer = SQLITE_OK;
  (*store)->count("adverts", "learners", moment());
  (*store)->flush();
  CHECK((*store)->status().quiet == 2);
}

TEST_CASE("Store: a damaged file is refused, or set aside by an agent that must go on") {
  TemporaryFolder folder;
  { REQUIRE(record(**Store::open(folder.path()), sample(0)) == Recorded::durable); }
  std::string bytes = bytes_of(folder.path() / "events.db");
  std::fill_n(bytes.begin(), 200, 'x');
  std::ofstream(folder.path() / "events.db", std::ios::binary) << bytes;
  const auto refused = Store::open(folder.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::broken_store);
  const auto store = Store::open_or_waiting(folder.path());
  CHECK(store->status().trouble.empty());
  CHECK(store->status().notice.find("events-set-aside-1.db") != std::string::npos);
  CHECK(bytes_of(folder.path() / "events-set-aside-1.db") == bytes);
  CHECK(record(*store, sample(0)) == Recorded::durable);
  CHECK(store->show("EV0")->epoch == 2);
  expect_rows_in_order(*store, 1);
  REQUIRE(store->verify()->notes.size() == 1);
  CHECK(store->verify()->notes[0].find("begins in epoch 2") != std::string::npos);
}

TEST_CASE("Store: nothing is acknowledged into a file that was deleted") {
  for (const char* deleted : {"events.db", "events.db-wal"}) {
    CAPTURE(deleted);
    TemporaryFolder folder;
    const auto store = Store::open_or_waiting(folder.path());
    REQUIRE(record(*store, sample(0)) == Recorded::durable);
    std::filesystem::remove(folder.path() / deleted);
    CHECK(record(*store, sample(1)) == Recorded::waiting);
    store->flush();
    CHECK(store->show("EV1"));
    CHECK(store->verify()->first_bad == "");
  }
}

TEST_CASE("Store: a file that is damaged while the agent runs is set aside too") {
  TemporaryFolder folder;
  const auto store = Store::open_or_waiting(folder.path());
  for (int i = 0; i < 50; ++i) REQUIRE(record(*store, sample(i)) == Recorded::durable);
  {
    Editor other(folder.path() / "events.db");
    REQUIRE(other.run("DELETE FROM events WHERE sequence > 40") == 10);
    REQUIRE(other.run("INSERT INTO events SELECT 51, epoch, time, id, class, origin, incident, marks, person, host,"
                      " url, words, span, losers, salt, personal, digest, seal, erased FROM events"
                      " WHERE sequence = 1") == 1);
  }
  // The forged row stands where ours goes: the first try fails, the next one finds the end that we did not sign.
  (void)record(*store, sample(50));
  store->flush();
  CHECK(store->status().trouble.empty());
  CHECK_FALSE(store->status().notice.empty());
  CHECK(store->show("EV50")->epoch == 2);
  CHECK(store->verify()->first_bad == "");
}

}  // namespace
}  // namespace fairlead::agent::events
