#pragma once
// What the tests of the event store share: a folder that goes away, an event, and a connection to edit the file by
// force.

#include <sqlite3.h>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <random>
#include <sstream>
#include <string>

#include "agent/events/store.hpp"

namespace fairlead::agent::events {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() /
            ("fairlead-events-" + std::to_string(random()) + std::to_string(random()));
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline TimePoint moment(int seconds = 0) {
  return TimePoint(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2)) + std::chrono::seconds(seconds);
}

inline Event sample(int number) {
  Event event;
  event.id = "EV" + std::to_string(number);
  event.time = moment(number);
  event.person = "learner" + std::to_string(number % 3);
  event.found = "socket_owner";
  event.group = "learners";
  event.method = "GET";
  event.host = "casino" + std::to_string(number) + ".example";
  event.url = "https://" + event.host;
  event.navigation = number % 2 == 0 ? Navigation::yes : Navigation::no;
  event.navigation_sign = "sec-fetch-mode";
  event.category = number % 2 == 0 ? "gambling" : "violence";
  event.risk = "conduct";
  event.severity = number % 2 == 0 ? "medium" : "high";
  event.review = "week";
  event.rule = "casino-label";
  event.source = "conduct/gambling.yaml:12";
  event.span = "casino" + std::to_string(number);
  event.level = "category";
  event.losers = "[]";
  event.ruleset_id = std::string(64, 'a');
  event.policy_version = "1";
  return event;
}

/// Records and waits for the answer.
inline Recorded record(Store& store, Event event) {
  std::promise<Recorded> promise;
  store.record(std::move(event), [&](Recorded recorded) { promise.set_value(recorded); });
  return promise.get_future().get();
}

inline Result<void> report(Store& store, Report report) {
  std::promise<Result<void>> promise;
  store.report(std::move(report), [&](Result<void> kept) { promise.set_value(std::move(kept)); });
  return promise.get_future().get();
}

/// Tells of an erasure on request.
inline Entry erasure(std::uint64_t rows) {
  Entry entry;
  entry.time = moment();
  entry.keep = moment() + std::chrono::days(700);
  entry.subject = "on request";
  entry.actor = "lead1";
  entry.body = std::to_string(rows);
  return entry;
}

/// The file as somebody with a tool and the rights to write it would open it.
class Editor {
 public:
  explicit Editor(const std::filesystem::path& file) {
    REQUIRE(sqlite3_open_v2(file.c_str(), &connection_, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
    REQUIRE(run("PRAGMA synchronous=OFF") >= 0);  // the tests' own edits need not survive a power cut
  }
  ~Editor() { sqlite3_close(connection_); }
  Editor(const Editor&) = delete;
  Editor& operator=(const Editor&) = delete;

  /// How many rows it changed; -1 where SQLite refuses.
  int run(const std::string& sql) {
    if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return -1;
    return sqlite3_changes(connection_);
  }
  std::string text(const std::string& sql) {
    sqlite3_stmt* row = nullptr;
    REQUIRE(sqlite3_prepare_v2(connection_, sql.c_str(), -1, &row, nullptr) == SQLITE_OK);
    std::string out;
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_type(row, 0) != SQLITE_NULL)
      out = reinterpret_cast<const char*>(sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return out;
  }
  sqlite3* connection() { return connection_; }

 private:
  sqlite3* connection_ = nullptr;
};

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

}  // namespace fairlead::agent::events
