#pragma once
// What all laptops handed in, as the pages of the console read it and act on it: one desk over the whole organisation.
// People are shown by their account's name, where accounts are a laptop's own as "name on laptop". Events are sorted by
// when they happened, and by the hub's clock where a laptop's was ahead.
//
// Blocks. An object belongs to one thread at a time and opens the database for itself, again after it went away. Each
// statement sees one moment of the database, several of one answer may see two.
//
// A desk of some sites (scope.hpp) reads on a connection that shows their laptops alone: what is of another site is not
// there. It writes on one that is not narrowed, after it has read that what it writes about is there.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/events/records.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/desk_exceptions.hpp"
#include "agent/hub/device.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/scope.hpp"

namespace fairlead::agent::hub {

class Desk final : public events::Records {
 public:
  /// place    as connect() has it; the tables are there (Store::open makes them).
  /// scope    whose laptops are seen.
  explicit Desk(std::string place, Scope scope = {});
  [[nodiscard]] const Scope& scope() const { return scope_; }
  /// False once it found that there is no site of one of its names yet: another desk finds it when there is.
  [[nodiscard]] bool knows_its_sites() const { return !narrowed_ || as_.all_known; }

  /// Refused: a learner's word is taken where the event was recorded.
  void report(events::Report report, std::function<void(Result<void>)> done) override;
  /// Of an incident of another site only `access` is taken: that somebody tried to look.
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
  [[nodiscard]] Result<events::IncidentSummary> summary(events::TimePoint since,
                                                        events::TimePoint until) const override;
  [[nodiscard]] Result<std::vector<events::Member>> members() const override;
  /// Unsupported: the context names the laptop that can make it.
  [[nodiscard]] Result<std::string> evidence_pack(const events::PackRequest& request) const override;
  /// Nothing waits here: what laptops hold back is in their health (Store::devices).
  [[nodiscard]] events::StoreStatus status() const override;

  [[nodiscard]] Result<std::vector<Device>> devices() const;
  /// What was erased lately, and how far laptops are. Nothing for whoever does not see every site.
  [[nodiscard]] Result<std::vector<ErasureState>> erasures() const;
  /// The names of the sites.
  [[nodiscard]] Result<std::vector<std::string>> sites() const;
  /// Makes an exception for the laptops of its groups, as far as this desk sees them (desk_exceptions.hpp). Returns its
  /// id.
  /// Errors   as make_exception(); refused: no laptop that this desk sees is in its groups.
  [[nodiscard]] Result<std::string> except(const exchange::DeskException& exception, Now now);
  /// Errors   as close_exception(); refused: it holds at sites that this desk does not see.
  [[nodiscard]] Result<void> close(const std::string& exception, const std::string& by, Now now);
  /// Those that stand, then the latest of those that are over.
  [[nodiscard]] Result<std::vector<MadeException>> exceptions(Now now) const;
  /// May this desk close it?
  [[nodiscard]] bool may_close(const MadeException& exception) const;

 private:
  /// Runs a reading, once more on a new connection where the old one turned out to be gone.
  template <class Value>
  [[nodiscard]] Result<Value> read(const std::function<Result<Value>(Connection&)>& task) const;
  template <class Value>
  [[nodiscard]] Result<Value> write(const std::function<Result<Value>(Connection&)>& task);
  [[nodiscard]] Result<std::unique_ptr<Connection>> connect_here() const;
  [[nodiscard]] Result<void> open() const;
  /// The connection that readings use.
  [[nodiscard]] Result<Connection*> open_to_read() const;
  /// Whether the desk may write this.
  [[nodiscard]] Result<void> admit(const events::Entry& entry) const;

  std::string place_;
  Scope scope_;
  mutable std::unique_ptr<Connection> connection_;  // to write; null while the database is away
  mutable std::unique_ptr<Connection> narrowed_;    // to read what is of `scope_`; null without one
  mutable Narrowed as_;                             // how `narrowed_` is
};

}  // namespace fairlead::agent::hub
