#include "agent/hub/desk.hpp"

#include <algorithm>
#include <utility>

#include "agent/hub/desk_entries.hpp"
#include "agent/hub/desk_events.hpp"
#include "agent/hub/desk_incidents.hpp"
#include "agent/hub/desk_sql.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/sql.hpp"
#include "agent/hub/sql_tables.hpp"
#include "agent/hub/store.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

constexpr std::size_t kShownErasures = 20, kShownOver = 50;

}  // namespace

Desk::Desk(std::string place, Scope scope) : place_(std::move(place)), scope_(std::move(scope)) {}

Result<std::unique_ptr<Connection>> Desk::connect_here() const {
  auto connection = connect(place_);
  if (!connection) return tl::unexpected(std::move(connection).error());
  if ((*connection)->dialect() == Dialect::postgres) {
    if (auto ready = (*connection)->execute(sql::postgres::kPrepareDesk); !ready)
      return tl::unexpected(std::move(ready).error());
  }
  const auto version = (*connection)->run(sql::kVersion, {});
  if (!version) return tl::unexpected(version.error());
  if (version->size() != 1 || number_at(version->front(), 0) != sql::kTablesVersion)
    return fail(Errc::bad_file, Side::local, "the hub's tables are of another version of this program");
  return connection;
}

Result<void> Desk::open() const {
  auto connection = connect_here();
  if (!connection) return tl::unexpected(std::move(connection).error());
  connection_ = std::move(*connection);
  return {};
}

Result<Connection*> Desk::open_to_read() const {
  if (!scope_) {
    if (!connection_) {
      if (auto opened = open(); !opened) return tl::unexpected(std::move(opened).error());
    }
    return connection_.get();
  }
  if (narrowed_) return narrowed_.get();
  auto connection = connect_here();
  if (!connection) return tl::unexpected(std::move(connection).error());
  auto as = narrow(**connection, *scope_);
  if (!as) return tl::unexpected(std::move(as).error());
  as_ = std::move(*as);
  narrowed_ = std::move(*connection);
  return narrowed_.get();
}

template <class Value>
Result<Value> Desk::read(const std::function<Result<Value>(Connection&)>& task) const {
  auto& used = scope_ ? narrowed_ : connection_;
  for (bool again = used != nullptr;; again = false) {
    const auto connection = open_to_read();
    if (!connection) return tl::unexpected(connection.error());
    auto out = task(**connection);
    if (out || out.error().code != Errc::closed) return out;
    used.reset();
    if (!again) return out;
  }
}

void Desk::report(events::Report, std::function<void(Result<void>)> done) {
  done(fail(Errc::refused, Side::client, "a learner's word is taken on the laptop where it was recorded"));
}

/// Not tried again: whether a commit under way came through is not known, and an entry must not stand there twice.
template <class Value>
Result<Value> Desk::write(const std::function<Result<Value>(Connection&)>& task) {
  if (!connection_) {
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened).error());
  }
  auto written = task(*connection_);
  if (!written && written.error().code == Errc::closed) connection_.reset();
  return written;
}

Result<void> Desk::admit(const events::Entry& entry) const {
  if (!scope_) return {};
  const auto found = read<bool>([&](Connection& on) -> Result<bool> {
    if (entry.kind == "appeal_answer") {
      events::EntryFilter appeal;
      appeal.kind = "appeal";
      appeal.subject = entry.subject;
      const auto there = read_entries(on, appeal);
      if (!there) return tl::unexpected(there.error());
      if (there->empty()) return false;
    }
    if (entry.incident == 0 || entry.kind == "access") return true;
    const auto rows = on.run(sql::kHasIncident, {column_of(entry.incident)});
    if (!rows) return tl::unexpected(rows.error());
    return !rows->empty();
  });
  if (!found) return tl::unexpected(found.error());
  if (!*found) return fail(Errc::not_found, Side::client, "there is no such incident");
  return {};
}

Result<std::uint64_t> Desk::add(events::Entry entry) {
  if (auto admitted = admit(entry); !admitted) return tl::unexpected(std::move(admitted).error());
  return write<std::uint64_t>([&](Connection& on) { return add_entry(on, std::move(entry), as_.sites); });
}

Result<std::uint64_t> Desk::erase_person(std::string_view person,
                                         const std::function<events::Entry(std::uint64_t rows)>& record) {
  if (scope_) {
    // An account of every laptop may stand at other sites too.
    const auto within = read<bool>([&](Connection& on) { return is_of_one_laptop(on, std::string(person)); });
    if (!within) return tl::unexpected(within.error());
    if (!*within) return fail(Errc::refused, Side::client, "only whoever sees every site can erase this account");
  }
  return write<std::uint64_t>(
      [&](Connection& on) { return hub::erase_person(on, std::string(person), record, as_.sites); });
}

Result<std::vector<ErasureState>> Desk::erasures() const {
  return read<std::vector<ErasureState>>([](Connection& on) { return read_erasures(on, kShownErasures); });
}

Result<std::vector<events::Stored>> Desk::list(const events::Filter& filter) const {
  return read<std::vector<events::Stored>>([&](Connection& on) { return read_events(on, filter); });
}

Result<events::Stored> Desk::show(std::string_view id) const {
  return read<events::Stored>([&](Connection& on) { return read_event(on, id); });
}

Result<std::vector<events::Entry>> Desk::entries(const events::EntryFilter& filter) const {
  return read<std::vector<events::Entry>>([&](Connection& on) { return read_entries(on, filter); });
}

Result<std::vector<events::Incident>> Desk::incidents(const events::IncidentFilter& filter) const {
  return read<std::vector<events::Incident>>([&](Connection& on) { return read_incidents(on, filter); });
}

Result<std::uint64_t> Desk::count_incidents(const events::IncidentFilter& filter) const {
  return read<std::uint64_t>([&](Connection& on) { return read_incident_count(on, filter); });
}

Result<events::Incident> Desk::incident(std::uint64_t number) const {
  return read<events::Incident>([&](Connection& on) { return read_incident(on, number); });
}

Result<std::vector<events::Stored>> Desk::events_of(std::uint64_t incident, std::size_t limit,
                                                    std::size_t offset) const {
  return read<std::vector<events::Stored>>([&](Connection& on) { return read_events_of(on, incident, limit, offset); });
}

Result<events::Totals> Desk::totals(events::TimePoint since, events::TimePoint until) const {
  return read<events::Totals>([&](Connection& on) { return read_totals(on, since, until); });
}

Result<events::IncidentSummary> Desk::summary(events::TimePoint since, events::TimePoint until) const {
  return read<events::IncidentSummary>([&](Connection& on) { return read_summary(on, since, until); });
}

Result<std::vector<events::Member>> Desk::members() const {
  return read<std::vector<events::Member>>([&](Connection& on) { return read_members(on); });
}

Result<std::string> Desk::evidence_pack(const events::PackRequest& request) const {
  std::string where;
  for (const std::uint64_t number : request.incidents) {
    const auto found = incident(number);
    if (!found) return tl::unexpected(found.error());
    if (where.find(found->device) == std::string::npos) where += (where.empty() ? "" : ", ") + found->device;
  }
  return fail(Errc::unsupported, Side::client,
              "what was recorded is proven on the laptop that recorded it" + (where.empty() ? "" : ": " + where));
}

events::StoreStatus Desk::status() const { return {}; }

Result<std::vector<Device>> Desk::devices() const { return read<std::vector<Device>>(read_devices); }

Result<std::vector<std::string>> Desk::sites() const { return read<std::vector<std::string>>(read_sites); }

Result<std::string> Desk::except(const exchange::DeskException& exception, Now now) {
  const auto laptops = read<std::uint64_t>([&](Connection& on) { return laptops_in(on, exception.exception.groups); });
  if (!laptops) return tl::unexpected(laptops.error());
  if (*laptops == 0)
    return fail(Errc::refused, Side::client, "No laptop that you look after is in this group. Nothing was changed.");
  return write<std::string>([&](Connection& on) -> Result<std::string> {
    std::string id;
    const auto done = in_transaction(on, [&]() -> Result<void> {
      auto made = make_exception(on, exception, as_.sites, now);
      if (!made) return tl::unexpected(std::move(made).error());
      id = std::move(*made);
      return {};
    });
    if (!done) return tl::unexpected(done.error());
    return id;
  });
}

bool Desk::may_close(const MadeException& exception) const { return !scope_ || is_within(exception, as_.sites); }

Result<void> Desk::close(const std::string& exception, const std::string& by, Now now) {
  if (scope_) {
    const auto standing = read<std::vector<MadeException>>([&](Connection& on) { return read_standing(on, now); });
    if (!standing) return tl::unexpected(standing.error());
    const auto seen = std::find_if(standing->begin(), standing->end(),
                                   [&](const MadeException& one) { return one.told.id == exception; });
    if (seen == standing->end()) return fail(Errc::not_found, Side::client, "It is closed already.");
    if (!may_close(*seen)) {
      return fail(Errc::refused, Side::client,
                  "It holds at other training centres too. Only a lead who looks after all of them can close it.");
    }
  }
  return write<void>([&](Connection& on) { return close_exception(on, exception, by, now); });
}

Result<std::vector<MadeException>> Desk::exceptions(Now now) const {
  return read<std::vector<MadeException>>([&](Connection& on) -> Result<std::vector<MadeException>> {
    auto standing = read_standing(on, now);
    if (!standing) return standing;
    auto out = *standing;
    auto over = read_over(on, now, kShownOver);
    if (!over) return over;
    out.insert(out.end(), over->begin(), over->end());
    if (auto counted = count_behind(on, *standing, out); !counted) return tl::unexpected(std::move(counted).error());
    if (auto named = name_sites(on, out); !named) return tl::unexpected(std::move(named).error());
    return out;
  });
}

}  // namespace fairlead::agent::hub
