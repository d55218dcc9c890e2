#pragma once
// The one connection that writes events.db: whole transactions in, links of the chain kept. No queue, no thread, no
// retry: those are the store's. After an error that is not "disk full" or "locked" it must be thrown away and opened
// again. Belongs to the writer thread.

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <tuple>

#include "agent/events/chain.hpp"
#include "agent/events/database.hpp"
#include "agent/events/device.hpp"
#include "agent/events/event.hpp"
#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// Quiet blocks not yet written: (day since 1970, category, group) → how many.
using Counters = std::map<std::tuple<std::int64_t, std::string, std::string>, std::uint64_t>;

class Writer {
 public:
  /// Opens or makes `folder`/events.db and checks that the end of the chain is the one this device signed.
  /// device   held by this process; must outlive the writer.
  /// Errors   broken_store when the file is damaged, cut or not signed by this device; disk_full; denied.
  [[nodiscard]] static Result<Writer> open(const std::filesystem::path& folder, Device& device);

  /// Events and counters in one transaction, on disk when it returns.
  [[nodiscard]] Result<void> append(std::span<const Event* const> events, const Counters& counters);
  /// Errors   not_found (no such event of that person), refused (too many on one event), and those of the disk.
  [[nodiscard]] Result<void> append(const Report& report);
  /// Whether the event is on disk already: a commit that failed may have come through all the same.
  [[nodiscard]] Result<bool> has(const Event& event);

  /// Erases the personal fields of these events and of the reports on them.
  [[nodiscard]] Result<void> erase(std::span<const std::uint64_t> sequences);
  [[nodiscard]] Result<void> drop_counters_before(std::int64_t day);

  /// Moves the log into the file once it has grown. With `erased` no old page may stay in the log: false while a reader
  /// holds one.
  bool checkpoint(bool erased);
  /// Remembers in device.db how far the store has come, for a clean stop.
  [[nodiscard]] Result<void> leave();

 private:
  Writer(Database database, Device& device) : database_(std::move(database)), device_(&device) {}
  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> still_there() const;
  [[nodiscard]] Result<void> make_tables();
  [[nodiscard]] Result<Head> read_head();
  [[nodiscard]] Result<Link> last_link(const Shape& shape, std::string_view sql);
  [[nodiscard]] Result<void> prepare_statements();
  [[nodiscard]] Result<void> add_row(const Shape& shape, Statement& insert, Link& link, const Row& row);
  [[nodiscard]] Result<void> add_counters(const Counters& counters, Head& head);
  [[nodiscard]] Result<void> erase_row(const Shape& shape, Statement& update, std::uint64_t sequence,
                                       std::string_view digest);
  [[nodiscard]] Result<void> write_head(const Head& head);

  Database database_;
  std::filesystem::path file_, log_;
  Device* device_;  // the store's; outlives this object
  Hasher hasher_;
  Head head_;  // what is on disk
  struct Statements {
    Statement insert_event, insert_report, write_head;
  };
  std::unique_ptr<Statements> statements_;
};

}  // namespace fairlead::agent::events
