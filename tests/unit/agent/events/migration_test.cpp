// A store that the first version of this program wrote is brought up to date: nothing of it changes, and its events
// find their incidents.

#include "agent/events/chain.hpp"
#include "agent/events/device.hpp"
#include "agent/events/digest.hpp"
#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

using namespace std::chrono_literals;

constexpr auto kOldSchema = R"(
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL,
  id TEXT NOT NULL, kind TEXT NOT NULL, found TEXT NOT NULL, group_id TEXT NOT NULL, method TEXT NOT NULL,
  navigation TEXT NOT NULL, navigation_sign TEXT NOT NULL, category TEXT NOT NULL, risk TEXT NOT NULL,
  severity TEXT NOT NULL, review TEXT NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL, level TEXT NOT NULL,
  ruleset TEXT NOT NULL, policy TEXT NOT NULL,
  person TEXT, url TEXT, host TEXT, words TEXT, span TEXT, losers TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE TABLE reports (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, event INTEGER NOT NULL, time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  person TEXT, words TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX reports_by_event ON reports (event);
CREATE TABLE counters (
  day INTEGER NOT NULL, category TEXT NOT NULL, group_id TEXT NOT NULL, count INTEGER NOT NULL, proof BLOB NOT NULL,
  PRIMARY KEY (day, category, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL, digest BLOB NOT NULL, report_sequence INTEGER NOT NULL, report_digest BLOB NOT NULL,
  counters INTEGER NOT NULL, signature BLOB NOT NULL
) STRICT;
PRAGMA application_id=1179405430;
PRAGMA user_version=1;
)";

class OldStore {
 public:
  explicit OldStore(const std::filesystem::path& folder) : device_(Device::hold(folder)) {
    REQUIRE(device_);
    REQUIRE(device_->move(1, 0));
    std::ofstream(folder / "events.db");
    file_ = std::make_unique<Editor>(folder / "events.db");
    REQUIRE(file_->run(kOldSchema) >= 0);
    head_.epoch = 1;
    head_.events = first_link(hasher_, kEventShape, device_->key().public_key());
    head_.reports = first_link(hasher_, kReportShape, device_->key().public_key());
  }
  void add(const Event& event, bool erased = false) {
    const Row row = row_of(event, head_.events.sequence + 1, 1);
    head_.events = add("events", kEventShape, row, head_.events, erased);
  }
  void add(const Report& report, std::uint64_t event) {
    head_.reports = add("reports", kReportShape, row_of(report, head_.reports.sequence + 1, 1, event), head_.reports);
  }
  void count(std::uint64_t day, const std::string& category, std::uint64_t count) {
    const Digest proof = device_->key().proof(counter_message(hasher_, day, category, "learners", count));
    std::string sql = "INSERT INTO counters VALUES (";
    sql.append(std::to_string(day)).append(", '").append(category).append("', 'learners', ");
    sql.append(std::to_string(count)).append(", ").append(hex(proof.view())).append(")");
    REQUIRE(file_->run(sql) == 1);
    ++head_.counters;
  }
  void sign() {
    const auto signature = device_->key().sign(old_head_message(hasher_, head_));
    REQUIRE(signature);
    REQUIRE(file_->run("INSERT INTO head VALUES (1, 1, " + std::to_string(head_.events.sequence) + ", " +
                       hex(head_.events.digest.view()) + ", " + std::to_string(head_.reports.sequence) + ", " +
                       hex(head_.reports.digest.view()) + ", " + std::to_string(head_.counters) + ", " +
                       hex(*signature) + ")") == 1);
    REQUIRE(file_->run("PRAGMA journal_mode=WAL") >= 0);
  }
  Editor& file() { return *file_; }

 private:
  static std::string hex(std::string_view bytes) {
    std::string out = "x'";
    for (const char c : bytes) {
      out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
      out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
    }
    return out + "'";
  }
  Link add(const std::string& table, const Shape& shape, const Row& row, const Link& before, bool erased = false) {
    const std::string salt(16, 's');
    const Digest committed = commitment(hasher_, shape, salt, row.personal);
    const Digest digest = row_digest(hasher_, shape, before, row, committed.view());
    std::string sql = "INSERT INTO " + table + " VALUES (";
    for (const std::uint64_t number : row.numbers) sql += std::to_string(number) + ", ";
    for (const std::string_view text : row.texts) sql += "'" + std::string(text) + "', ";
    for (const std::string_view text : row.personal) sql += erased ? "NULL, " : "'" + std::string(text) + "', ";
    sql += (erased ? "NULL" : hex(salt)) + ", " + hex(committed.view()) + ", " + hex(digest.view()) + ", " +
           hex(device_->key().proof(seal_message(hasher_, shape, digest.view())).view()) + ", " +
           (erased ? hex(device_->key().proof(erasure_message(hasher_, shape, digest.view())).view()) : "NULL") + ")";
    REQUIRE(file_->run(sql) == 1);
    return {row.numbers[0], digest};
  }
  Result<Device> device_;
  Hasher hasher_;
  Head head_;
  std::unique_ptr<Editor> file_;
};

TEST_CASE("Store: a file of version 1 keeps its events, reports and chain, and gains incidents") {
  TemporaryFolder folder;
  {
    OldStore old(folder.path());
    for (int i = 0; i < 30; ++i) {
      Event event = sample(i);
      event.navigation = Navigation::yes;
      if (i == 29) event.kind = Kind::malformed;
      old.add(event, i < 3);
    }
    old.add(Report{"EV9", "learner0", ReportKind::accident, moment(100), "words"}, 10);
    old.count(20'000, "adverts", 7);
    old.sign();
  }
  // Beside an agent that has not come to it, reading says what to do.
  const auto early = Store::open_read_only(folder.path());
  CHECK((!early || !(*early)->list({})));
  auto store = Store::open(folder.path());
  REQUIRE(store);
  const auto verified = (*store)->verify();
  REQUIRE(verified);
  CHECK(verified->first_bad == "");
  CHECK(verified->rows == 30);
  CHECK(verified->erased == 3);
  CHECK(verified->reports == 1);
  CHECK(verified->incidents == 3);
  const auto shown = (*store)->show("EV9");
  REQUIRE(shown);
  CHECK(shown->event.host == "casino9.example");
  CHECK(shown->event.person == "learner0");
  CHECK(shown->incident != 0);
  CHECK(shown->reports.at(0).words == "words");
  CHECK((*store)->show("EV1")->erased);
  CHECK((*store)->show("EV1")->incident == 0);
  CHECK((*store)->show("EV29")->incident == 0);
  const auto incident = (*store)->incident(shown->incident);
  REQUIRE(incident);
  CHECK(incident->person == "learner0");
  CHECK(incident->count == 9);
  CHECK(incident->reports == 1);
  CHECK(incident->categories == std::vector<std::string>{"violence", "gambling"});
  REQUIRE(record(**store, sample(40)) == Recorded::durable);
  CHECK((*store)->show("EV40")->sequence == 31);
  CHECK((*store)->verify()->first_bad == "");
  // What was in the old tables is not left in free pages.
  CHECK(*(*store)->erase_expired({}, moment() + 24h * 400) == 28);
  const std::string bytes = bytes_of(folder.path() / "events.db");
  CHECK(bytes.find("casino9.example") == std::string::npos);
  CHECK(bytes.find("learner0") == std::string::npos);
  // An erased row is no longer than before: a proof takes no more room than the salt did.
  Editor file(folder.path() / "events.db");
  CHECK(file.text("SELECT count(*) FROM events WHERE length(erased) = 16") == "27");
  CHECK(file.text("SELECT count(*) FROM events WHERE length(erased) = 32") == "4");  // 3 by version 1, 1 of version 2
  CHECK(file.text("SELECT length(erased) FROM reports") == "16");
  CHECK((*store)->verify()->first_bad == "");
  CHECK((*store)->verify()->erased == 31);
}

TEST_CASE("Store: a file of version 1 in which somebody changed a row is evidence, and is not brought up to date") {
  for (const char* sql :
       {"UPDATE events SET category = 'forged' WHERE sequence = 7",
        "UPDATE events SET person = 'forged' WHERE sequence = 7", "UPDATE events SET seal = x'00' WHERE sequence = 7",
        "DELETE FROM events WHERE sequence = 7", "DELETE FROM events WHERE sequence > 7",
        "UPDATE reports SET words = 'forged'", "UPDATE reports SET kind = 'concern' WHERE sequence = 2",
        "DELETE FROM reports WHERE sequence = 1", "DELETE FROM reports WHERE sequence = 2",
        "UPDATE counters SET count = 1 WHERE day = 2", "DELETE FROM counters WHERE day = 1"}) {
    CAPTURE(sql);
    TemporaryFolder folder;
    {
      OldStore old(folder.path());
      for (int i = 0; i < 12; ++i) old.add(sample(i));
      for (int i = 0; i < 2; ++i) old.add(Report{"EV9", "learner0", ReportKind::wrong, moment(100), "words"}, 10);
      for (const std::uint64_t day : {1U, 2U}) old.count(day, "adverts", 7);
      old.sign();
      REQUIRE(old.file().run(sql) >= 1);
    }
    const auto store = Store::open(folder.path());
    REQUIRE_FALSE(store);
    CHECK(store.error().code == Errc::broken_store);
    CHECK(Editor(folder.path() / "events.db").text("PRAGMA user_version") == "1");
  }
}

TEST_CASE("Store: an empty file of version 1 is brought up to date") {
  TemporaryFolder folder;
  { OldStore(folder.path()).sign(); }
  auto store = Store::open(folder.path());
  REQUIRE(store);
  REQUIRE(record(**store, sample(0)) == Recorded::durable);
  CHECK((*store)->verify()->first_bad == "");
}

}  // namespace
}  // namespace fairlead::agent::events
