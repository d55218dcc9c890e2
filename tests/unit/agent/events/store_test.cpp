#include "agent/events/store.hpp"

#include <thread>

#include "faulty_disk.hpp"
#include <array>
#include <string>
#include <vector>

#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

TEST_CASE("Store: what is recorded is what is read, field by field") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  Event event = sample(1);
  event.words = "free spins \xF0\x9F\x8E\xB0";
  event.losers = R"([{"rule":"x"}])";
  CHECK(record(**store, event) == Recorded::durable);
  const auto shown = (*store)->show("EV1");
  REQUIRE(shown);
  CHECK(shown->epoch == 1);
  CHECK(shown->sequence == 1);
  CHECK(shown->device.size() == 16);
  CHECK_FALSE(shown->erased);
  const Event& back = shown->event;
  CHECK(back.id == event.id);
  CHECK(back.time == event.time);
  CHECK(back.kind == event.kind);
  CHECK(back.navigation == event.navigation);
  for (const auto field :
       {&Event::person, &Event::found, &Event::group, &Event::method, &Event::url, &Event::host, &Event::words,
        &Event::navigation_sign, &Event::category, &Event::risk, &Event::severity, &Event::review, &Event::rule,
        &Event::source, &Event::span, &Event::level, &Event::losers, &Event::ruleset_id, &Event::policy_version})
    CHECK(back.*field == event.*field);
  CHECK((*store)->show("NONE").error().code == Errc::not_found);
}

TEST_CASE("Store: who listens hears of each commit after it, and nothing any more once another took the place") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  std::atomic<int> heard = 0;
  std::atomic<std::uint64_t> there = 0;
  (*store)->when_recorded([&] {
    there = (*store)->list({})->size();
    ++heard;
  });
  CHECK(record(**store, sample(1)) == Recorded::durable);
  (*store)->flush();
  CHECK(heard == 1);
  CHECK(there == 1);
  (*store)->when_recorded({});
  CHECK(record(**store, sample(2)) == Recorded::durable);
  (*store)->flush();
  CHECK(heard == 1);
}

TEST_CASE("Store: many threads, every event once, sequence without a gap, fewer syncs than events") {
  FaultyDisk& disk = faulty_disk();
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  const int syncs_before = disk.log_syncs;
  constexpr int kThreads = 8;
  constexpr int kEach = 250;
  std::atomic<int> durable = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i)
        (*store)->record(sample(thread * kEach + i),
                         [&](Recorded recorded) { durable += recorded == Recorded::durable; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  (*store)->flush();
  CHECK(durable == kThreads * kEach);
  CHECK(disk.log_syncs - syncs_before < kThreads * kEach / 4);
  const auto rows = (*store)->list({});
  REQUIRE(rows);
  REQUIRE(rows->size() == kThreads * kEach);
  std::vector<int> next(kThreads, 0);
  for (std::size_t i = 0; i < rows->size(); ++i) {
    CHECK((*rows)[i].sequence == i + 1);
    // Each thread's own events stand in the order in which it handed them in.
    const int number = std::stoi((*rows)[i].event.id.substr(2));
    CHECK(number % kEach == next[static_cast<std::size_t>(number / kEach)]++);
  }
  CHECK((*store)->verify()->first_bad.empty());
  CHECK((*store)->status().recorded == kThreads * kEach);
}

TEST_CASE("Store: the log is synced before an event is acknowledged") {
  FaultyDisk& disk = faulty_disk();
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  for (int i = 0; i < 20; ++i) {
    const int before = disk.log_syncs;
    std::promise<int> seen;
    (*store)->record(sample(i), [&](Recorded) { seen.set_value(disk.log_syncs); });
    CHECK(seen.get_future().get() > before);
  }
}

TEST_CASE("Store: what was acknowledged is there when the process dies at once") {
  TemporaryFolder folder;
  TemporaryFolder after;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  for (int i = 0; i < 400; ++i) {
    REQUIRE(record(**store, sample(i)) == Recorded::durable);
    if (i % 40 != 0) continue;
    // What a killed process leaves behind: the files as they lie, without the shared index of the log.
    for (const char* name : {"events.db", "events.db-wal", "device.db"})
      std::filesystem::copy_file(folder.path() / name, after.path() / name,
                                 std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(after.path() / "events.db-shm");
    const auto read = Store::open_read_only(after.path());
    REQUIRE(read);
    const auto rows = (*read)->list({});
    REQUIRE(rows);
    CHECK(rows->size() == static_cast<std::size_t>(i) + 1);
    CHECK((*read)->verify()->first_bad == "");
    // And the agent goes on from there.
    auto next = Store::open(after.path());
    REQUIRE(next);
    CHECK(record(**next, sample(9'999)) == Recorded::durable);
    CHECK((*next)->verify()->first_bad == "");
    next->reset();
    for (const char* name : {"events.db-wal", "events.db-shm"}) std::filesystem::remove(after.path() / name);
  }
}

TEST_CASE("Store: the write-ahead log is moved into the file and stays small") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  for (int commit = 0; commit < 100; ++commit) {
    for (int i = 0; i < 100; ++i) (*store)->record(sample(i), nullptr);
    (*store)->flush();
  }
  CHECK(std::filesystem::file_size(folder.path() / "events.db-wal") < 3 << 20);
  CHECK(std::filesystem::file_size(folder.path() / "events.db") > 2 << 20);
}

TEST_CASE("Store: filters by time, person, category, risk, severity and number") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  for (int i = 0; i < 30; ++i) REQUIRE(record(**store, sample(i)) == Recorded::durable);
  const auto count = [&](auto set) {
    Filter filter;
    set(filter);
    return (*store)->list(filter)->size();
  };
  CHECK(count([](Filter&) {}) == 30);
  CHECK(count([](Filter& f) { f.since = moment(10); }) == 20);
  CHECK(count([](Filter& f) { f.until = moment(10); }) == 10);
  CHECK(count([](Filter& f) { f.since = moment(10), f.until = moment(12); }) == 2);
  CHECK(count([](Filter& f) { f.person = "learner1"; }) == 10);
  CHECK(count([](Filter& f) { f.person = "learner"; }) == 0);
  CHECK(count([](Filter& f) { f.person = "' OR '1'='1"; }) == 0);
  CHECK(count([](Filter& f) { f.category = "gambling"; }) == 15);
  CHECK(count([](Filter& f) { f.risk = "contact"; }) == 0);
  CHECK(count([](Filter& f) { f.severity = "high"; }) == 15);
  CHECK(count([](Filter& f) { f.limit = 7; }) == 7);
  Filter two;
  two.limit = 2;
  two.newest_first = true;
  const auto newest = (*store)->list(two);
  REQUIRE(newest->size() == 2);
  CHECK((*newest)[0].event.id == "EV29");
  CHECK((*newest)[1].event.id == "EV28");
}

TEST_CASE("Store: a report needs an event of the same person") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  REQUIRE(record(**store, sample(1)) == Recorded::durable);
  CHECK(report(**store, {"EV1", "learner1", ReportKind::accident, moment(5), "the link was in a mail"}));
  CHECK(report(**store, {"EV1", "learner2", ReportKind::wrong, moment(6), ""}).error().code == Errc::not_found);
  CHECK(report(**store, {"EV1", "", ReportKind::wrong, moment(6), ""}).error().code == Errc::not_found);
  CHECK(report(**store, {"EV2", "learner1", ReportKind::wrong, moment(6), ""}).error().code == Errc::not_found);
  const auto shown = (*store)->show("EV1");
  REQUIRE(shown);
  REQUIRE(shown->reports.size() == 1);
  CHECK(shown->reports[0].kind == ReportKind::accident);
  CHECK(shown->reports[0].words == "the link was in a mail");
  CHECK(shown->reports[0].person == "learner1");
  CHECK(shown->reports[0].time == moment(5));
  CHECK((*store)->verify()->reports == 1);
}

TEST_CASE("Store: a report is cut to 500 characters, and an event holds 20 reports at most") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  REQUIRE(record(**store, sample(1)) == Recorded::durable);
  std::string words;
  for (int i = 0; i < 600; ++i) words += "\xC3\xA9";
  for (int i = 0; i < 20; ++i) CHECK(report(**store, {"EV1", "learner1", ReportKind::wrong, moment(i), words}));
  CHECK(report(**store, {"EV1", "learner1", ReportKind::wrong, moment(), words}).error().code == Errc::refused);
  const auto shown = (*store)->show("EV1");
  REQUIRE(shown->reports.size() == 20);
  CHECK(shown->reports[0].words == words.substr(0, 1'000));
}

TEST_CASE("Store: quiet blocks are counted by day, category and group, over restarts too") {
  TemporaryFolder folder;
  for (int run = 0; run < 2; ++run) {
    auto store = Store::open(folder.path());
    REQUIRE(store);
    for (int i = 0; i < 5; ++i) (*store)->count("adverts", "learners", moment(i));
    (*store)->count("adverts", "staff", moment(86'400));
    (*store)->flush();
    CHECK((*store)->status().quiet == 6);
    CHECK((*store)->verify()->first_bad == "");
  }
  Editor file(folder.path() / "events.db");
  CHECK(file.text("SELECT group_concat(category || ' ' || group_id || ' ' || count, ', ') FROM counters") ==
        "adverts learners 10, adverts staff 2");
}

TEST_CASE("Store: a second agent on the same folder is refused and told why") {
  TemporaryFolder folder;
  auto first = Store::open(folder.path());
  REQUIRE(first);
  const auto second = Store::open(folder.path());
  REQUIRE_FALSE(second);
  CHECK(second.error().code == Errc::denied);
  CHECK(second.error().context.find("another agent uses this state folder") != std::string::npos);
  first->reset();
  CHECK(Store::open(folder.path()));
}

TEST_CASE("Store: reading works beside the writer and after it, writes nothing, and wants a store") {
  TemporaryFolder folder;
  CHECK(Store::open_read_only(folder.path()).error().code == Errc::not_found);
  CHECK(std::filesystem::is_empty(folder.path()));
  auto writer = Store::open(folder.path());
  REQUIRE(record(**writer, sample(1)) == Recorded::durable);
  auto reader = Store::open_read_only(folder.path());
  REQUIRE(reader);
  CHECK((*reader)->list({})->size() == 1);
  REQUIRE(record(**writer, sample(2)) == Recorded::durable);
  CHECK((*reader)->list({})->size() == 2);
  CHECK((*reader)->verify()->first_bad == "");
  CHECK(record(**reader, sample(3)) == Recorded::lost);
  writer->reset();
  CHECK((*reader)->list({})->size() == 2);
  CHECK((*reader)->verify()->rows == 2);
}

TEST_CASE("Store: a commit to the device's file that was cut short is no obstacle to reading") {
  FaultyDisk& disk = faulty_disk();
  TemporaryFolder folder;
  TemporaryFolder after;
  int cut_short = 0;
  {
    auto store = Store::open(folder.path());
    REQUIRE(record(**store, sample(1)) == Recorded::durable);
    // At the clean stop device.db learns how far the store has come: the process dies before that is done.
    disk.before_sync = [&] {
      if (!std::filesystem::exists(folder.path() / "device.db-journal")) return;
      ++cut_short;
      for (const auto& file : std::filesystem::directory_iterator(folder.path()))
        std::filesystem::copy_file(file.path(), after.path() / file.path().filename(),
                                   std::filesystem::copy_options::overwrite_existing);
    };
    store->reset();
    disk.before_sync = nullptr;
  }
  REQUIRE(cut_short > 1);  // of the journal, then of the file
  const auto reader = Store::open_read_only(after.path());
  REQUIRE(reader);
  const auto verified = (*reader)->verify();
  REQUIRE(verified);
  CHECK(verified->first_bad == "");
  CHECK((*reader)->list({})->size() == 1);
}

TEST_CASE("Store: folder and files are for their owner alone") {
  TemporaryFolder parent;
  const auto folder = parent.path() / "events";
  auto store = Store::open(folder);
  REQUIRE(record(**store, sample(1)) == Recorded::durable);
  using std::filesystem::perms;
  CHECK(std::filesystem::status(folder).permissions() == perms::owner_all);
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    CAPTURE(file.path());
    CHECK(file.status().permissions() == (perms::owner_read | perms::owner_write));
  }
}

TEST_CASE("Store: addresses and spans that are stored in short come back whole") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  REQUIRE(store);
  const std::vector<std::array<std::string, 4>> rows = {
      {"a.example", "https://a.example", "a.example", "a.example"},
      {"a.example", "http://a.example:8080/x", "rule", "rule"},
      {"a.example", "https://b.example/x", "rule", ""},
      {"", "https://", "", ""},
      {"", "", "rule", "span"},
      {"[2001:db8::1]", "https://[2001:db8::1]/y", "rule", "rule\x02"},
      {"a.example", "ws://a.example/", "rule", "ule"}};
  int number = 0;
  for (const auto& [host, url, rule, span] : rows) {
    Event event = sample(number++);
    event.host = host;
    event.url = url;
    event.rule = rule;
    event.span = span;
    REQUIRE(record(**store, event) == Recorded::durable);
    const auto shown = (*store)->show(event.id);
    REQUIRE(shown);
    CHECK(shown->event.host == host);
    CHECK(shown->event.url == url);
    CHECK(shown->event.span == span);
  }
  // What would be taken for short is not kept.
  Event event = sample(number);
  event.url = "\x02/x";
  event.span = "\x02";
  REQUIRE(record(**store, event) == Recorded::durable);
  CHECK((*store)->show(event.id)->event.url.empty());
  CHECK((*store)->verify()->first_bad == "");
}

}  // namespace
}  // namespace fairlead::agent::events
