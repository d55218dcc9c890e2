#pragma once
// The event store: one SQLite file (WAL), one writer thread, group commit, a hash chain signed with the device key.
// record(), count() and status() may be called from any thread and never block on the disk; the reading methods do
// block: never on the event loop.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/event.hpp"
#include "rules/base/result.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::events {

/// What became of an event that was handed in.
enum class Recorded : std::uint8_t { durable, waiting, lost };

/// A learner's word on an event: "I landed here by accident", "I think this is wrong", "I'm worried".
enum class ReportKind : std::uint8_t { accident, wrong, concern };
[[nodiscard]] std::string_view to_string(ReportKind kind);
struct Report {
  std::string event_id, person;
  ReportKind kind = ReportKind::accident;
  TimePoint time{};
  std::string words;  // up to 500 characters
};

/// Empty fields do not filter.
struct Filter {
  std::optional<TimePoint> since, until;
  std::string person, category, risk, severity;
  std::size_t limit = 0;  // 0 = all
  bool newest_first = false;
};

struct Stored {
  std::string device;  // with epoch and sequence: the key of this event in the whole organisation
  std::uint64_t epoch = 0, sequence = 0;
  Event event;
  std::vector<Report> reports;
  bool erased = false;  // personal fields are gone, the chain still holds
};

struct Verified {
  std::uint64_t rows = 0, reports = 0, signatures = 0, erased = 0;
  std::uint64_t epoch = 0;         // of the last row
  std::vector<std::string> notes;  // lawful, but worth a look: the store was begun anew or put back
  std::string first_bad;           // empty when clean: "event 17: its digest does not match ..."
};

/// Numbers count from the start of this process.
struct StoreStatus {
  std::uint64_t recorded = 0, waiting = 0, lost = 0, quiet = 0;
  std::string trouble;  // empty when the last write went well; else what is wrong, without personal data
  std::string notice;   // what happened to the store at start: "... was damaged and set aside as ..."
};

class Store {
 public:
  /// Opens or makes `folder`/events.db and the device key; `folder` is made with mode 0700.
  /// Errors  Errc::broken_store (damaged, or its end is not the one this device signed), denied (another agent uses the
  /// folder, no permission), disk_full. The agent starts without a store all the same (see open_or_waiting).
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  /// Never fails: where the store cannot be opened, events wait in bounded memory and opening is tried again. A damaged
  /// store is set aside as evidence (events-set-aside-N.db) and a new one begun in the next epoch; status() tells.
  [[nodiscard]] static std::unique_ptr<Store> open_or_waiting(const std::filesystem::path& folder);

  /// For `events list|show|verify|export` beside a running or a stopped agent: reads only, makes nothing.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open_read_only(const std::filesystem::path& folder);

  ~Store();

  /// Writes the event; `done` is called once, on the writer thread, after the commit is on disk (durable), or when it
  /// had to be kept in memory (waiting) because the store is broken. Bounded: with 10,000 events waiting, `done` is
  /// told `lost` before record() returns. `done` must not throw and must not wait for this store.
  void record(Event event, std::function<void(Recorded)> done);

  /// Counts a quiet block or an unrecorded one (category, group, day); written in batches.
  void count(std::string_view category, std::string_view group, TimePoint time);

  /// Attaches a report to an event of the same person. `done` gets Errc::not_found when there is no such event.
  void report(Report report, std::function<void(Result<void>)> done);

  /// Personal fields of rows older than their severity's retention are erased; the chain still verifies. Returns how
  /// many.
  [[nodiscard]] Result<std::uint64_t> erase_expired(const rules::catalog::Retention& retention, TimePoint now);

  [[nodiscard]] Result<std::vector<Stored>> list(const Filter& filter) const;
  /// Streams rows in order, for exports of any size.
  [[nodiscard]] Result<void> for_each(const Filter& filter, const std::function<void(const Stored&)>& row) const;
  [[nodiscard]] Result<Stored> show(std::string_view id) const;
  [[nodiscard]] Result<Verified> verify() const;
  [[nodiscard]] StoreStatus status() const;

  /// Waits until everything handed in so far is on disk or given up; for a clean stop.
  void flush();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::events
