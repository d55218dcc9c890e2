#pragma once
// What all laptops handed in, as the pages of the console read it and act on it: one desk over the whole organisation.
// People are shown by their account's name, where accounts are a laptop's own as "name on laptop". Events are sorted by
// when they happened, and by the hub's clock where a laptop's was ahead.
//
// Blocks. An object belongs to one thread at a time and opens the database for itself, again after it went away. Each
// statement sees one moment of the database, several of one answer may see two.

#include <functional>
#include <memory>
#include <string>

#include "agent/events/records.hpp"
#include "agent/hub/connection.hpp"

namespace fairlead::agent::hub {

class Desk final : public events::Records {
 public:
  /// place    as connect() has it; the tables are there (Store::open makes them).
  explicit Desk(std::string place);

  /// Refused: a learner's word is taken where the event was recorded.
  void report(events::Report report, std::function<void(Result<void>)> done) override;
  [[nodiscard]] Result<std::uint64_t> add(events::Entry entry) override;
  [[nodiscard]] Result<std::uint64_t> erase_person(
      std::string_view person, const std::function<events::Entry(std::uint64_t rows)>& record) override;

  [[nodiscard]] Result<std::vector<events::Stored>> list(const events::Filter& filter) const override;
  [[nodiscard]] Result<events::Stored> show(std::string_view id) const override;
  [[nodiscard]] Result<std::vector<events::Entry>> entries(const events::EntryFilter& filter) const override;
  [[nodiscard]] Result<std::vector<events::Incident>> incidents(const events::IncidentFilter& filter) const override;
  [[nodiscard]] Result<std::uint64_t> count_incidents(const events::IncidentFilter& filter) const override;
  [[nodiscard]] Result<events::Incident> incident(std::uint64_t number) const override;
  [[nodiscard]] Result<std::vector<events::Stored>> events_of(std::uint64_t incident, std::size_t limit,
                                                              std::size_t offset) const override;
  [[nodiscard]] Result<events::Totals> totals(events::TimePoint since, events::TimePoint until) const override;
  /// Unsupported: the context names the laptop that can make it.
  [[nodiscard]] Result<std::string> evidence_pack(const events::PackRequest& request) const override;
  /// Nothing waits here: what laptops hold back is in their health (Store::devices).
  [[nodiscard]] events::StoreStatus status() const override;

 private:
  /// Runs a reading, once more on a new connection where the old one turned out to be gone.
  template <class Value>
  [[nodiscard]] Result<Value> read(const std::function<Result<Value>(Connection&)>& task) const;
  [[nodiscard]] Result<std::uint64_t> write(const std::function<Result<std::uint64_t>(Connection&)>& task);
  [[nodiscard]] Result<void> open() const;

  std::string place_;
  mutable std::unique_ptr<Connection> connection_;  // null while the database is away
};

}  // namespace fairlead::agent::hub
