#pragma once
// The one connection that writes events.db: whole transactions in, links of the chain kept. No queue, no thread, no
// retry: those are the store's. After an error that is not "disk full" or "locked" it must be thrown away and opened
// again. Belongs to the writer thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>

#include "agent/events/chain.hpp"
#include "agent/events/database.hpp"
#include "agent/events/device.hpp"
#include "agent/events/event.hpp"
#include "agent/events/grouping.hpp"
#include "agent/events/incidents_table.hpp"
#include "agent/events/lookup.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// Quiet blocks not yet written: (day since 1970, category, group) → how many.
using Counters = std::map<std::tuple<std::int64_t, std::string, std::string>, std::uint64_t>;

class Writer {
 public:
  /// Opens or makes `folder`/events.db and checks that the end of the chain is the one this device signed. A file of an
  /// older version of this program is brought up to date first, in one transaction (some 20 µs an event).
  /// device   held by this process; must outlive the writer.
  /// Errors   broken_store when the file is damaged, cut or not signed by this device; disk_full; denied.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open(const std::filesystem::path& folder, Device& device);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Events and counters in one transaction, on disk when it returns.
  [[nodiscard]] Result<void> append(std::span<const Event* const> events, const Counters& counters);
  /// Errors   not_found (no such event of that person), refused (too many on one event), and those of the disk.
  [[nodiscard]] Result<void> append(const Report& report);
  /// Returns its sequence. Errors: not_found (no such incident), refused (a review without a state), and of the disk.
  [[nodiscard]] Result<std::uint64_t> append(const Entry& entry);
  /// Whether the event is on disk already: a commit that failed may have come through all the same.
  [[nodiscard]] Result<bool> has(const Event& event);

  /// Erases the personal fields of these events and of the reports on them; an incident goes with its last event.
  [[nodiscard]] Result<void> erase_events(std::span<const std::uint64_t> sequences);
  [[nodiscard]] Result<void> erase_entries(std::span<const std::uint64_t> sequences);
  [[nodiscard]] Result<void> drop_counters_before(std::int64_t day);

  /// Moves the log into the file once it has grown. With `erased` no old page may stay in the log: false while a reader
  /// holds one.
  bool checkpoint(bool erased);
  /// Remembers in device.db how far the store has come, for a clean stop.
  [[nodiscard]] Result<void> leave();

 private:
  /// What the chain adds to a row.
  struct Chained {
    std::string salt;
    Digest commitment, digest, seal;
  };
  /// Numbers in place of the texts that rows share.
  struct Numbers {
    std::uint64_t of_class = 0, origin = 0, person = 0, host = 0;
  };
  /// (day since 1970, category, group, kind) → what is added to the totals.
  struct Sum {
    std::uint64_t events = 0, navigations = 0, first = 0, last = 0;
  };
  using Sums = std::map<std::tuple<std::int64_t, std::string, std::string, std::string>, Sum>;
  /// Names that may have lost their last row.
  struct Left {
    std::set<std::uint64_t> people, hosts, incidents;
  };
  /// Prepared once for all rows of a transaction.
  struct EventErasure {
    Statement find, erase, leave_incident, find_reports, erase_report;
  };
  struct EntryErasure {
    Statement find, erase;
  };
  struct Statements {
    Statement insert_event, insert_report, insert_entry, write_head, write_clock, add_totals;
  };

  Writer(Database database, Device& device) : database_(std::move(database)), device_(&device) {}
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> still_there() const;
  [[nodiscard]] Result<void> make_tables();
  [[nodiscard]] Result<Head> read_head();
  [[nodiscard]] Result<Link> last_link(const Shape& shape, std::string_view sql);
  [[nodiscard]] Result<void> prepare();
  /// One transaction; what was remembered of a transaction that did not come through is forgotten.
  [[nodiscard]] Result<void> in_transaction(const std::function<Result<void>(Head&)>& task);
  [[nodiscard]] Result<void> write_head(const Head& head);

  [[nodiscard]] Result<Numbers> numbers_of(const Event& event);
  [[nodiscard]] Result<Place> place(const Event& event, const Numbers& numbers, std::uint64_t sequence, bool erased,
                                    Sums& sums);
  [[nodiscard]] Result<void> add_event(Event event, Head& head, Sums& sums);
  [[nodiscard]] Result<void> write_sums(const Sums& sums);
  [[nodiscard]] Chained chain(const Shape& shape, Link& link, const Row& row);
  [[nodiscard]] Result<void> add_report(const Report& report, Head& head);
  [[nodiscard]] Result<void> add_entry(const Entry& entry, Head& head);
  [[nodiscard]] Result<void> add_counters(const Counters& counters, Head& head);

  [[nodiscard]] Result<void> erase_event(EventErasure& with, std::uint64_t sequence, Left& left);
  [[nodiscard]] Result<void> erase_reports_of(EventErasure& with, std::uint64_t event);
  [[nodiscard]] Result<void> erase_entry(EntryErasure& with, std::uint64_t sequence, Left& left);
  /// salt     how long it is: a row must not grow, so the proof that takes its place is no longer.
  [[nodiscard]] Result<void> erase_row(const Shape& shape, Statement& update, std::uint64_t sequence,
                                       std::string_view digest, std::size_t salt);
  [[nodiscard]] Result<void> forget(const Left& left);

  // Version 1 to 2.
  [[nodiscard]] Result<void> bring_up_to_date();
  [[nodiscard]] Result<Head> read_old_head();
  [[nodiscard]] Result<void> copy_old_event(const Statement& row, Link& link, Sums& sums);
  [[nodiscard]] Result<void> check_old_reports(const Link& signed_end);
  [[nodiscard]] Result<void> check_old_counters(std::uint64_t signed_count);
  [[nodiscard]] Result<void> count_reports();

  Database database_;
  std::filesystem::path file_, log_;
  Device* device_;  // the store's; outlives this object
  Hasher hasher_;
  Head head_;            // what is on disk
  Clock clock_, moved_;  // on disk, and in the transaction under way
  std::optional<Lookup> lookup_;
  std::optional<IncidentsTable> incidents_;
  std::optional<Statements> statements_;
};

}  // namespace fairlead::agent::events
