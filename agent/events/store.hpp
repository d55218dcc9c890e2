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

#include "agent/events/entry.hpp"
#include "agent/events/event.hpp"
#include "agent/events/incident.hpp"
#include "agent/events/pack.hpp"
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
  std::string group, kind;
  std::string words;         // part of a host
  std::uint64_t before = 0;  // sequence: only events before it, for the next page of a list; 0 = all
  std::uint64_t after = 0;   // sequence: only events after it
};

struct Stored {
  std::string device;  // with epoch and sequence: the key of this event in the whole organisation
  std::uint64_t epoch = 0, sequence = 0;
  Event event;
  std::vector<Report> reports;
  bool erased = false;         // personal fields are gone, the chain still holds
  std::uint64_t incident = 0;  // the one it belongs to; 0: none
  std::string digest;          // of its row in the chain, 32 bytes
};

/// The events of one epoch that are there: from `first` on, without a gap.
struct EpochRange {
  std::uint64_t epoch = 0, first = 0, last = 0;
};

struct Verified {
  std::uint64_t rows = 0, reports = 0, entries = 0, incidents = 0;
  std::uint64_t signatures = 0;
  std::uint64_t erased = 0;        // events
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

  /// `heard` is called on the writer thread after each commit of events, until another takes its place; it must not
  /// throw, nor wait for this store. When this returns, the one before is not running any more. Empty: nobody is told.
  void when_recorded(std::function<void()> heard);

  /// Counts a quiet block or an unrecorded one (category, group, day); written in batches.
  void count(std::string_view category, std::string_view group, TimePoint time);

  /// Attaches a report to an event of the same person. `done` gets Errc::not_found when there is no such event.
  void report(Report report, std::function<void(Result<void>)> done);

  /// Writes a line of the book; it is on disk when this returns. Blocks: any thread but the event loop's.
  /// entry    up to 64 KiB of body. A review (kind `review`) names its incident and holds {"state": "in_review"} in its
  /// body; the incident's state changes in the same transaction. Returns its sequence. What is personal needs an end:
  /// an incident, or `keep`.
  /// Errors   not_found (no such incident), refused (no such state, too large, no end), those of the disk; nothing
  /// waits.
  [[nodiscard]] Result<std::uint64_t> add(Entry entry);

  /// Personal fields of rows older than their severity's retention are erased; the chain still verifies. Returns how
  /// many.
  [[nodiscard]] Result<std::uint64_t> erase_expired(const rules::catalog::Retention& retention, TimePoint now);

  /// On request: erases the personal fields of everything about them, whatever its age. Returns how many rows.
  /// record   makes the entry that tells of it, given how many rows there are; kind and person are set here. It is on
  /// disk before anything is erased. An empty name erases nothing and leaves no entry.
  [[nodiscard]] Result<std::uint64_t> erase_person(std::string_view person,
                                                   const std::function<Entry(std::uint64_t rows)>& record);

  [[nodiscard]] Result<std::vector<Stored>> list(const Filter& filter) const;
  /// Streams rows in order, for exports of any size.
  [[nodiscard]] Result<void> for_each(const Filter& filter, const std::function<void(const Stored&)>& row) const;
  [[nodiscard]] Result<Stored> show(std::string_view id) const;

  /// The oldest first.
  [[nodiscard]] Result<std::vector<EpochRange>> epochs() const;

  [[nodiscard]] Result<std::vector<Entry>> entries(const EntryFilter& filter) const;
  /// The latest change first.
  [[nodiscard]] Result<std::vector<Incident>> incidents(const IncidentFilter& filter) const;
  /// How many there are, whatever `limit` and `offset` say. Of a part of a host that very many events have, no more
  /// than kMostCounted are counted.
  [[nodiscard]] Result<std::uint64_t> count_incidents(const IncidentFilter& filter) const;
  /// Errors   not_found
  [[nodiscard]] Result<Incident> incident(std::uint64_t number) const;
  /// The oldest first; limit 0 = all.
  [[nodiscard]] Result<std::vector<Stored>> events_of(std::uint64_t incident, std::size_t limit,
                                                      std::size_t offset) const;
  /// Whole days of UTC from `since` on and before `until`.
  [[nodiscard]] Result<Totals> totals(TimePoint since, TimePoint until) const;
  [[nodiscard]] Result<Verified> verify() const;
  /// One file that proves by itself what it holds (pack.hpp); verifies the whole store first.
  /// Errors   not_found, too_large, broken_store (the context names the first bad row).
  [[nodiscard]] Result<std::string> evidence_pack(const PackRequest& request) const;
  [[nodiscard]] StoreStatus status() const;

  /// Waits until everything handed in so far is on disk or given up; for a clean stop.
  void flush();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::events
