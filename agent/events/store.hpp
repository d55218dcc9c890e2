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

#include "agent/events/book.hpp"
#include "agent/events/records.hpp"
#include "rules/base/result.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::events {

/// What became of an event that was handed in.
enum class Recorded : std::uint8_t { durable, waiting, lost };

/// The rows of one epoch that are there: from `first` on, without a gap.
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

class Store final : public Records {
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

  ~Store() override;

  /// Writes the event; `done` is called once, on the writer thread, after the commit is on disk (durable), or when it
  /// had to be kept in memory (waiting) because the store is broken. Bounded: with 10,000 events waiting, `done` is
  /// told `lost` before record() returns. `done` must not throw and must not wait for this store.
  void record(Event event, std::function<void(Recorded)> done);

  /// `heard` is called on the writer thread after each commit of events, until another takes its place; it must not
  /// throw, nor wait for this store. When this returns, the one before is not running any more. Empty: nobody is told.
  void when_recorded(std::function<void()> heard);

  /// Counts a quiet block or an unrecorded one (category, group, day); written in batches.
  void count(std::string_view category, std::string_view group, TimePoint time);

  void report(Report report, std::function<void(Result<void>)> done) override;

  [[nodiscard]] Result<std::uint64_t> add(Entry entry) override;

  /// Personal fields of rows older than their severity's retention are erased; the chain still verifies. Returns how
  /// many.
  [[nodiscard]] Result<std::uint64_t> erase_expired(const rules::catalog::Retention& retention, TimePoint now);

  [[nodiscard]] Result<std::uint64_t> erase_person(std::string_view person,
                                                   const std::function<Entry(std::uint64_t rows)>& record) override;

  /// The names of everybody that something is kept about.
  [[nodiscard]] Result<std::vector<std::string>> people() const;

  [[nodiscard]] Result<std::vector<Stored>> list(const Filter& filter) const override;
  /// Streams rows in order, for exports of any size.
  [[nodiscard]] Result<void> for_each(const Filter& filter, const std::function<void(const Stored&)>& row) const;
  [[nodiscard]] Result<Stored> show(std::string_view id) const override;

  /// The oldest first.
  [[nodiscard]] Result<std::vector<EpochRange>> epochs(Table table = Table::events) const;
  /// Rows of `reports` or `entries` after one sequence and before another, in order.
  [[nodiscard]] Result<std::vector<BookRow>> book(Table table, std::uint64_t after, std::uint64_t before) const;

  [[nodiscard]] Result<std::vector<Entry>> entries(const EntryFilter& filter) const override;
  [[nodiscard]] Result<std::vector<Incident>> incidents(const IncidentFilter& filter) const override;
  [[nodiscard]] Result<std::uint64_t> count_incidents(const IncidentFilter& filter) const override;
  [[nodiscard]] Result<Incident> incident(std::uint64_t number) const override;
  [[nodiscard]] Result<std::vector<Stored>> events_of(std::uint64_t incident, std::size_t limit,
                                                      std::size_t offset) const override;
  [[nodiscard]] Result<Totals> totals(TimePoint since, TimePoint until) const override;
  [[nodiscard]] Result<IncidentSummary> summary(TimePoint since, TimePoint until) const override;
  [[nodiscard]] Result<std::vector<Member>> members() const override;
  [[nodiscard]] Result<Verified> verify() const;
  [[nodiscard]] Result<std::string> evidence_pack(const PackRequest& request) const override;
  [[nodiscard]] StoreStatus status() const override;

  /// Waits until everything handed in so far is on disk or given up; for a clean stop.
  void flush();

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::events
