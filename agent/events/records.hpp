#pragma once
// What was recorded, and what people did about it, as those see it who read it and act on it: the pages of the console,
// reports, commands. One laptop's (store.hpp), or a whole organisation's. Every method but report() blocks: never on
// the event loop.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/entry.hpp"
#include "agent/events/event.hpp"
#include "agent/events/incident.hpp"
#include "agent/events/pack.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::events {

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
  std::uint64_t before = 0;  // place: only events before it, for the next page of a list, newest first; 0 = all
  std::uint64_t after = 0;   // place: only events after it, of a list, oldest first
};

struct Stored {
  std::string device;  // with epoch and sequence: the key of this event in the whole organisation
  std::uint64_t epoch = 0, sequence = 0;
  std::uint64_t place = 0;  // in lists of events; on one laptop its sequence
  Event event;
  std::vector<Report> reports;
  bool erased = false;         // personal fields are gone, the chain still holds
  std::uint64_t incident = 0;  // the one it belongs to; 0: none
  std::string digest;          // of its row in the chain, 32 bytes
  std::uint64_t merged = 0;    // at a hub: how many later ones like it were left on the laptop
  TimePoint merged_until{};    // and when the last of those was
};

/// Numbers count from the start of this process.
struct StoreStatus {
  std::uint64_t recorded = 0, waiting = 0, lost = 0, quiet = 0;
  std::string trouble;  // empty when the last write went well; else what is wrong, without personal data
  std::string notice;   // what happened to the store at start: "... was damaged and set aside as ..."
};

class Records {
 public:
  Records() = default;
  virtual ~Records() = default;
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;

  /// Attaches a report to an event of the same person. `done` gets Errc::not_found when there is no such event.
  virtual void report(Report report, std::function<void(Result<void>)> done) = 0;

  /// Writes a line of the book; it is on disk when this returns.
  /// entry    up to 64 KiB of body. A review (kind `review`) names its incident and holds {"state": "in_review"} in its
  /// body; the incident's state changes in the same transaction. Returns its sequence. What is personal needs an end:
  /// an incident, or `keep`.
  /// Errors   not_found (no such incident), refused (no such state, too large, no end), those of the disk; nothing
  /// waits.
  [[nodiscard]] virtual Result<std::uint64_t> add(Entry entry) = 0;

  /// On request: erases the personal fields of everything about them, whatever its age. Returns how many rows.
  /// record   makes the entry that tells of it, given how many rows there are; kind and person are set here. It is on
  /// disk before anything is erased. An empty name erases nothing and leaves no entry.
  [[nodiscard]] virtual Result<std::uint64_t> erase_person(std::string_view person,
                                                           const std::function<Entry(std::uint64_t rows)>& record) = 0;

  [[nodiscard]] virtual Result<std::vector<Stored>> list(const Filter& filter) const = 0;
  [[nodiscard]] virtual Result<Stored> show(std::string_view id) const = 0;
  [[nodiscard]] virtual Result<std::vector<Entry>> entries(const EntryFilter& filter) const = 0;
  /// The latest change first.
  [[nodiscard]] virtual Result<std::vector<Incident>> incidents(const IncidentFilter& filter) const = 0;
  /// How many there are, whatever `limit` and `offset` say. Of a part of a host that very many events have, no more
  /// than kMostCounted are counted.
  [[nodiscard]] virtual Result<std::uint64_t> count_incidents(const IncidentFilter& filter) const = 0;
  /// Errors   not_found
  [[nodiscard]] virtual Result<Incident> incident(std::uint64_t number) const = 0;
  /// The oldest first; limit 0 = all.
  [[nodiscard]] virtual Result<std::vector<Stored>> events_of(std::uint64_t incident, std::size_t limit,
                                                              std::size_t offset) const = 0;
  /// Whole days of UTC from `since` on and before `until`.
  [[nodiscard]] virtual Result<Totals> totals(TimePoint since, TimePoint until) const = 0;
  /// What a report says of incidents that began from `since` on and before `until`, and of those that are open now.
  [[nodiscard]] virtual Result<IncidentSummary> summary(TimePoint since, TimePoint until) const = 0;
  /// Whoever an incident is about, once for each group.
  [[nodiscard]] virtual Result<std::vector<Member>> members() const = 0;
  /// One file that proves by itself what it holds (pack.hpp); verifies the whole store first.
  /// Errors   not_found, too_large, broken_store (the context names the first bad row), unsupported (its rows are
  /// proven where they were made).
  [[nodiscard]] virtual Result<std::string> evidence_pack(const PackRequest& request) const = 0;
  [[nodiscard]] virtual StoreStatus status() const = 0;
};

}  // namespace fairlead::agent::events
