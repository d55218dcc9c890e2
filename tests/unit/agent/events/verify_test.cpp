// Whoever edits the file is found. The editor here may write every byte of events.db and knows how it is made, but has
// not the device key.

#include "agent/events/verify.hpp"

#include <map>
#include <vector>

#include "agent/events/chain.hpp"
#include "agent/events/sql.hpp"
#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

using namespace std::chrono_literals;

constexpr int kEvents = 40;
constexpr int kErased = 10;  // the first ones
constexpr int kReports = 8;
constexpr int kEntries = 12;

/// A store with something in each table, closed. Made once, copied for each edit.
struct Original {
  TemporaryFolder folder;
  Original() {
    auto store = Store::open(folder.path());
    REQUIRE(store);
    for (int i = 0; i < kEvents; ++i) {
      Event event = sample(i);
      event.severity = i < kErased ? "low" : "high";
      // Half of them in groups of one commit.
      if (i % 8 < 4) {
        (*store)->record(event, nullptr);
      } else {
        REQUIRE(record(**store, event) == Recorded::durable);
      }
    }
    for (int i = 0; i < kReports; ++i) {
      const int event = i < 2 ? i : 20 + i;
      const Event about = sample(event);
      REQUIRE(report(**store, {about.id, about.person, ReportKind::wrong, moment(i), "words " + std::to_string(i)}));
    }
    for (int i = 0; i < kEntries; ++i) {
      Entry entry;
      entry.time = moment(100 + i);
      entry.kind = i % 3 == 0 ? "review" : "access";
      entry.incident = i % 3 == 0 ? 1 : 0;
      entry.keep = moment(i < 3 ? 200 : 100'000'000);
      entry.subject = "subject" + std::to_string(i);
      entry.actor = "lead" + std::to_string(i % 2);
      entry.person = sample(i).person;
      entry.body = i % 3 == 0 ? R"({"state": "in_review"})" : "{}";
      REQUIRE((*store)->add(entry));
    }
    for (const char* category : {"adverts", "trackers", "widgets"}) (*store)->count(category, "learners", moment());
    (*store)->flush();
    REQUIRE(*(*store)->erase_expired({}, moment() + 24h * 31) == kErased + 3);
    REQUIRE((*store)->verify()->first_bad == "");
  }
};

struct Copy {
  TemporaryFolder folder;
  explicit Copy(const Original& original) {
    for (const auto& file : std::filesystem::directory_iterator(original.folder.path()))
      std::filesystem::copy(file.path(), folder.path() / file.path().filename());
  }
  std::filesystem::path file() const { return folder.path() / "events.db"; }
  std::string first_bad() const {
    const auto store = Store::open_read_only(folder.path());
    if (!store) return store.error().code == Errc::broken_store ? "the file is damaged" : "";
    const auto verified = (*store)->verify();
    REQUIRE(verified);
    return verified->first_bad;
  }
};

using Random = std::mt19937_64;

std::uint64_t below(Random& random, std::uint64_t limit) { return random() % limit; }

std::vector<std::string> columns_of(Editor& file, const std::string& table) {
  std::vector<std::string> out;
  for (int i = 0;; ++i) {
    const std::string name =
        file.text("SELECT name FROM pragma_table_info('" + table + "') LIMIT 1 OFFSET " + std::to_string(i));
    if (name.empty()) return out;
    out.push_back(name);
  }
}

/// Another value for a column: one bit of a text or of bytes, one more or less, or nothing at all.
std::string another_value(Random& random, const std::string& column, const std::string& type) {
  const std::string quoted = "\"" + column + "\"";
  if (below(random, 8) == 0) return "NULL";
  if (type == "integer") return quoted + (below(random, 2) == 0 ? " + " : " - ") + std::to_string(1 + below(random, 3));
  if (type == "null") return below(random, 2) == 0 ? "'forged'" : "x'00'";
  const std::string at = std::to_string(1 + below(random, 16));
  if (type == "text" && below(random, 3) == 0) return quoted + " || 'x'";
  const std::string cast = type == "text" ? "TEXT" : "BLOB";
  return "CAST(substr(" + quoted + ", 1, " + at + " - 1) || CASE WHEN hex(substr(" + quoted + ", " + at +
         ", 1)) = '41' THEN 'B' ELSE 'A' END || substr(" + quoted + ", " + at + " + 1) AS " + cast + ")";
}

std::string key_of(const std::string& table) {
  if (table == "counters" || table == "totals") return "category";
  if (table == "head" || table == "clock") return "one";
  if (table == "events" || table == "reports" || table == "entries") return "sequence";
  return "number";
}

TEST_CASE("verify: 2,000 random edits of any column of any table are found, and the row is named") {
  const Original original;
  Random random(20'260'302);
  std::map<std::string, int> done, turn;
  int found = 0;
  int edits = 0;
  while (edits < 2'000) {
    const Copy copy(original);
    std::string place, edit;
    {
      Editor file(copy.file());
      const std::vector<std::string> tables = {"events",  "events",   "events",  "reports", "entries",
                                               "entries", "counters", "classes", "origins", "people",
                                               "hosts",   "totals",   "clock",   "head",    "incidents"};
      const std::string table = tables[below(random, tables.size())];
      const auto columns = columns_of(file, table);
      const std::string column = columns[static_cast<std::size_t>(turn[table]++) % columns.size()];
      const std::string key = key_of(table);
      const auto rows = std::stoull(file.text("SELECT count(*) FROM " + table));
      const std::string which = file.text("SELECT " + key + " FROM " + table + " ORDER BY " + key + " LIMIT 1 OFFSET " +
                                          std::to_string(below(random, rows)));
      const std::string there = " FROM " + table + " WHERE " + key + " = '" + which + "'";
      const std::string type = file.text("SELECT typeof(\"" + column + "\")" + there);
      const std::string sql = "UPDATE " + table + " SET \"" + column + "\" = " + another_value(random, column, type) +
                              " WHERE " + key + " = '" + which + "'";
      // A name that was erased is nothing, wherever it stands.
      if ((table == "people" || table == "hosts") && file.text("SELECT name IS NULL" + there) == "1") continue;
      const std::string before = file.text("SELECT quote(\"" + column + "\")" + there);
      if (column == "key") continue;     // leads to a row, and tells nothing of it
      if (file.run(sql) != 1) continue;  // a value that the table does not take
      if (before == file.text("SELECT quote(\"" + column + "\")" + there)) continue;
      ++edits;
      ++done[table + "." + column];
      place = edit = sql;
      if (table == "events" && column != "sequence") place = "event " + which + ":";
      if (table == "reports" && column != "sequence") place = "report " + which + ":";
      if (table == "entries" && column != "sequence") place = "entry " + which + ":";
      if (table == "incidents" && column != "number") place = "incident " + which + ":";
    }
    CAPTURE(place);
    CAPTURE(edit);
    const std::string bad = copy.first_bad();
    CHECK_FALSE(bad.empty());
    if (!place.starts_with("UPDATE")) CHECK(bad.starts_with(place));
    found += !bad.empty();
  }
  CHECK(found == 2'000);
  // Every column of every table had its turn, but for the one that a CHECK fixes.
  Editor file(original.folder.path() / "events.db");
  for (const char* table : {"events", "reports", "entries", "counters", "head", "classes", "origins", "people", "hosts",
                            "totals", "clock", "incidents"}) {
    for (const std::string& column : columns_of(file, table)) {
      CAPTURE(table);
      CAPTURE(column);
      CHECK((column == "one" || column == "key" || done[std::string(table) + "." + column] > 0));
    }
  }
}

TEST_CASE("verify: a deleted row is named, wherever it stood") {
  const Original original;
  for (int sequence = 1; sequence <= kEvents; ++sequence) {
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run("DELETE FROM events WHERE sequence = " + std::to_string(sequence)) == 1);
    CHECK(copy.first_bad().starts_with("event " + std::to_string(sequence) + ": the row is missing"));
  }
  for (int sequence = 1; sequence <= kReports; ++sequence) {
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run("DELETE FROM reports WHERE sequence = " + std::to_string(sequence)) == 1);
    CHECK(copy.first_bad().starts_with("report " + std::to_string(sequence) + ": the row is missing"));
  }
  for (int sequence = 1; sequence <= kEntries; ++sequence) {
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run("DELETE FROM entries WHERE sequence = " + std::to_string(sequence)) == 1);
    CHECK(copy.first_bad().starts_with("entry " + std::to_string(sequence) + ": the row is missing"));
  }
  for (const char* sql : {"DELETE FROM counters WHERE category = 'adverts'", "DELETE FROM head", "DELETE FROM events",
                          "DELETE FROM reports", "DELETE FROM counters", "DELETE FROM entries", "DELETE FROM incidents",
                          "DELETE FROM incidents WHERE number = 2", "DELETE FROM totals", "DELETE FROM clock",
                          "DELETE FROM classes WHERE number = 1", "DELETE FROM people WHERE number = 1",
                          "DELETE FROM hosts WHERE number = 30", "DELETE FROM origins"}) {
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run(sql) >= 1);
    CHECK_FALSE(copy.first_bad().empty());
  }
}

struct Table {
  std::string name, row;
  int rows;
};

/// Every kind of edit, of every row of every chained table, and the row that must be named.
TEST_CASE("verify: rows that are swapped, inserted, doubled or cut are named in each of the three tables") {
  const Original original;
  for (const Table& table :
       {Table{"events", "event", kEvents}, Table{"reports", "report", kReports}, Table{"entries", "entry", kEntries}}) {
    std::string columns;
    {
      Editor file(original.folder.path() / "events.db");
      for (const std::string& column : columns_of(file, table.name))
        if (column != "sequence") columns += ", " + column;
    }
    const auto expect = [&](const std::vector<std::string>& edits, int row, std::string_view what) {
      const Copy copy(original);
      {
        Editor file(copy.file());
        for (const std::string& edit : edits) REQUIRE(file.run(edit) >= 1);
      }
      CAPTURE(what);
      CAPTURE(row);
      CAPTURE(copy.first_bad());
      CHECK(copy.first_bad().starts_with(table.row + " " + std::to_string(row) + ":"));
    };
    const auto move = [&](int from, int to) {
      return "UPDATE " + table.name + " SET sequence = " + std::to_string(to) +
             " WHERE sequence = " + std::to_string(from);
    };
    const auto copy_of = [&](int row, int as) {
      return "INSERT INTO " + table.name + " (sequence" + columns + ") SELECT " + std::to_string(as) + columns +
             " FROM " + table.name + " WHERE sequence = " + std::to_string(row);
    };
    for (int row = 1; row <= table.rows; ++row) {
      const std::string here = std::to_string(row);
      if (row < table.rows)
        expect({move(row, -1), move(row + 1, row), move(-1, row + 1)}, row, "swapped with the next");
      if (row > 1) expect({"DELETE FROM " + table.name + " WHERE sequence >= " + here}, row, "cut from here on");
      // One row more, where those behind it are moved to make room.
      std::vector<std::string> inserted;
      for (int last = table.rows; last >= row; --last) inserted.push_back(move(last, last + 1));
      inserted.push_back(copy_of(row == 1 ? 3 : row - 1, row));
      expect(inserted, row, "a copy inserted");
      // One row fewer, where those behind it are moved to close the gap.
      std::vector<std::string> closed = {"DELETE FROM " + table.name + " WHERE sequence = " + here};
      for (int next = row + 1; next <= table.rows; ++next) closed.push_back(move(next, next - 1));
      expect(closed, row, "taken out and closed up");
    }
    expect({copy_of(3, table.rows + 1)}, table.rows + 1, "a copy put behind the end");
    expect({copy_of(3, 0)}, 0, "a copy put before the first");
  }
}

TEST_CASE("verify: an event in another incident is named, and an incident that was made up") {
  const Original original;
  for (const char* sql : {"UPDATE events SET incident = incident % 2 + 1 WHERE sequence = 20",
                          "UPDATE events SET marks = marks - 1 WHERE sequence = 21 AND marks & 1 = 1",
                          "UPDATE events SET incident = 0 WHERE sequence = 21"}) {
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run(sql) == 1);
    CHECK(copy.first_bad().starts_with("event 2"));
  }
  const Copy copy(original);
  REQUIRE(Editor(copy.file()).run("UPDATE incidents SET number = 99 WHERE number = 1") == 1);
  CHECK(copy.first_bad().starts_with("incident 1: the row is missing"));
}

TEST_CASE("verify: a clock that was set back is a note that names the row") {
  TemporaryFolder folder;
  auto store = Store::open(folder.path());
  for (const int seconds : {0, 10, 9, 3'600, 60, 70}) {
    Event event = sample(seconds);
    event.time = moment(seconds);
    REQUIRE(record(**store, event) == Recorded::durable);
  }
  Entry entry;
  entry.kind = "health";
  for (const int seconds : {500, 100}) {
    entry.time = moment(seconds);
    REQUIRE((*store)->add(entry));
  }
  const auto verified = (*store)->verify();
  CHECK(verified->first_bad == "");
  REQUIRE(verified->notes.size() == 2);
  CHECK(verified->notes[0] == "event 5: the clock was set back before it, by 3540 seconds");
  CHECK(verified->notes[1] == "entry 2: the clock was set back before it, by 400 seconds");
}

TEST_CASE("verify: two rows that changed places are named") {
  const Original original;
  Random random(7);
  for (int i = 0; i < 100; ++i) {
    const Copy copy(original);
    const auto first = 1 + below(random, kEvents - 1);
    const auto second = first + 1 + below(random, kEvents - first);
    {
      Editor file(copy.file());
      REQUIRE(file.run("UPDATE events SET sequence = -1 WHERE sequence = " + std::to_string(first)) == 1);
      REQUIRE(file.run("UPDATE events SET sequence = " + std::to_string(first) +
                       " WHERE sequence = " + std::to_string(second)) == 1);
      REQUIRE(file.run("UPDATE events SET sequence = " + std::to_string(second) + " WHERE sequence = -1") == 1);
    }
    CHECK(copy.first_bad().starts_with("event " + std::to_string(first) + ":"));
  }
}

TEST_CASE("verify: a tail that was cut is missed, though the head was made to fit") {
  const Original original;
  for (int left = 0; left < kEvents; left += 3) {
    const Copy copy(original);
    {
      Editor file(copy.file());
      const std::string last = std::to_string(left);
      REQUIRE(file.run("DELETE FROM events WHERE sequence > " + last) == kEvents - left);
      if (left % 2 == 0 && left > 0)
        REQUIRE(file.run("UPDATE head SET sequence = " + last +
                         ", digest = (SELECT digest FROM events WHERE sequence = " + last + ")") == 1);
    }
    const std::string bad = copy.first_bad();
    if (left % 2 == 0 && left > 0) {
      CHECK(bad.starts_with("head:"));
    } else {
      CHECK(bad.starts_with("event " + std::to_string(left + 1) + ": the row is missing"));
    }
  }
}

/// Writes a row's digest anew, and of all rows after it, as anybody can who has read FORMAT.md.
void hash_anew(Editor& file, const DeviceKey& key) {
  Hasher hasher;
  Link link = first_link(hasher, kEventShape, key.public_key());
  sqlite3_stmt* rows = nullptr;
  REQUIRE(sqlite3_prepare_v2(file.connection(), sql::kAllEvents.data(), static_cast<int>(sql::kAllEvents.size()), &rows,
                             nullptr) == SQLITE_OK);
  std::vector<std::pair<std::uint64_t, Digest>> digests;
  while (sqlite3_step(rows) == SQLITE_ROW) {
    const auto bytes = [&](int column) {
      const auto* data = static_cast<const char*>(sqlite3_column_blob(rows, column));
      return std::string(data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(rows, column)));
    };
    std::vector<std::string> texts;
    Row row;
    for (int i = 0; i < 3; ++i) row.numbers.push_back(static_cast<std::uint64_t>(sqlite3_column_int64(rows, i)));
    for (int i = 3; i < 19; ++i) texts.push_back(bytes(i));
    for (const std::string& text : texts) row.texts.emplace_back(text);
    link = {row.numbers[0], row_digest(hasher, kEventShape, link, row, bytes(kEventShape.commitment()))};
    digests.emplace_back(link.sequence, link.digest);
  }
  sqlite3_finalize(rows);
  for (const auto& [sequence, digest] : digests) {
    sqlite3_stmt* update = nullptr;
    sqlite3_prepare_v2(file.connection(), "UPDATE events SET digest = ? WHERE sequence = ?", -1, &update, nullptr);
    sqlite3_bind_blob(update, 1, digest.bytes.data(), 32, SQLITE_TRANSIENT);
    sqlite3_bind_int64(update, 2, static_cast<sqlite3_int64>(sequence));
    REQUIRE(sqlite3_step(update) == SQLITE_DONE);
    sqlite3_finalize(update);
  }
  REQUIRE(file.run("UPDATE head SET digest = (SELECT digest FROM events ORDER BY sequence DESC LIMIT 1)") == 1);
}

TEST_CASE("verify: an edit whose digests were all made anew is named by its seal") {
  const Original original;
  for (const int sequence : {1, 5, 17, 39, 40}) {
    const Copy copy(original);
    {
      const auto device = Device::read(copy.folder.path());
      REQUIRE(device);
      Editor file(copy.file());
      REQUIRE(file.run("UPDATE events SET id = 'forged' WHERE sequence = " + std::to_string(sequence)) == 1);
      hash_anew(file, device->key());
    }
    CHECK(copy.first_bad().starts_with("event " + std::to_string(sequence) + ": its seal is not this device's"));
  }
}

TEST_CASE("verify: nobody else can erase") {
  const Original original;
  const std::string erase =
      "UPDATE events SET person = NULL, url = NULL, host = NULL, words = NULL, span = NULL,"
      " losers = NULL, salt = NULL";
  for (const char* proof : {"", ", erased = x'00'", ", erased = (SELECT erased FROM events WHERE sequence = 3)"}) {
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run(erase + proof + " WHERE sequence = 30") == 1);
    CHECK(copy.first_bad().starts_with("event 30:"));
  }
}

TEST_CASE("verify: an older copy of the store in place of the newer is missed, and not taken for our own") {
  TemporaryFolder folder;
  TemporaryFolder older;
  {
    auto store = Store::open(folder.path());
    for (int i = 0; i < 5; ++i) REQUIRE(record(**store, sample(i)) == Recorded::durable);
  }
  std::filesystem::copy_file(folder.path() / "events.db", older.path() / "events.db");
  {
    auto store = Store::open(folder.path());
    for (int i = 5; i < 9; ++i) REQUIRE(record(**store, sample(i)) == Recorded::durable);
    REQUIRE((*store)->verify()->first_bad == "");
  }
  std::filesystem::copy_file(older.path() / "events.db", folder.path() / "events.db",
                             std::filesystem::copy_options::overwrite_existing);
  CHECK((*Store::open_read_only(folder.path()))->verify()->first_bad.starts_with("event 6: the row is missing"));
  // The agent goes on in a new epoch, so that no event key is given twice; the place stays visible.
  auto store = Store::open(folder.path());
  REQUIRE(record(**store, sample(20)) == Recorded::durable);
  CHECK((*store)->show("EV20")->epoch == 2);
  CHECK((*store)->show("EV20")->sequence == 6);
  const auto verified = (*store)->verify();
  CHECK(verified->first_bad == "");
  REQUIRE(verified->notes.size() == 1);
  CHECK(verified->notes[0].starts_with("event 6 begins epoch 2"));
}

TEST_CASE("verify: a store that was cut or rewritten is not signed anew by the agent") {
  const Original original;
  for (const char* sql :
       {"DELETE FROM events WHERE sequence > 30", "UPDATE head SET counters = 2", "DELETE FROM head",
        "UPDATE events SET digest = x'00' WHERE sequence = 40", "DELETE FROM reports WHERE sequence = 8"}) {
    CAPTURE(sql);
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run(sql) >= 1);
    const auto store = Store::open(copy.folder.path());
    REQUIRE_FALSE(store);
    CHECK(store.error().code == Errc::broken_store);
  }
}

TEST_CASE("verify: a trigger, a view, a column or an index that we did not make is named") {
  const Original original;
  for (const char* sql : {"CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events WHERE person = 'x'; END",
                          "CREATE VIEW v AS SELECT * FROM events", "DROP INDEX events_by_id",
                          "ALTER TABLE events ADD COLUMN note TEXT", "CREATE TABLE more (a)"}) {
    CAPTURE(sql);
    const Copy copy(original);
    REQUIRE(Editor(copy.file()).run(sql) >= 0);
    CHECK_FALSE(copy.first_bad().empty());
  }
}

TEST_CASE("verify: a device key of another laptop fits nothing") {
  const Original original;
  const Copy copy(original);
  TemporaryFolder other;
  REQUIRE(Store::open(other.path()));
  std::filesystem::copy_file(other.path() / "device.db", copy.folder.path() / "device.db",
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(copy.first_bad().starts_with("event 1:"));
  CHECK(Store::open(copy.folder.path()).error().code == Errc::broken_store);
}

TEST_CASE("verify: pages written over by force are found or were empty") {
  const Original original;
  const std::string clean = bytes_of(original.folder.path() / "events.db");
  Random random(99);
  int found = 0;
  for (int i = 0; i < 100; ++i) {
    const Copy copy(original);
    std::string bytes = clean;
    for (int j = 0; j < 64; ++j) bytes[static_cast<std::size_t>(below(random, bytes.size()))] ^= 0x55;
    std::ofstream(copy.file(), std::ios::binary) << bytes;
    found += !copy.first_bad().empty();
  }
  CHECK(found == 100);
}

}  // namespace
}  // namespace fairlead::agent::events
