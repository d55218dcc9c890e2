#include "agent/hub/desk.hpp"

#include <utility>

#include "agent/hub/desk_entries.hpp"
#include "agent/hub/desk_events.hpp"
#include "agent/hub/desk_incidents.hpp"
#include "agent/hub/desk_sql.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/sql.hpp"
#include "agent/hub/sql_tables.hpp"

namespace fairlead::agent::hub {

Desk::Desk(std::string place) : place_(std::move(place)) {}

Result<void> Desk::open() const {
  auto connection = connect(place_);
  if (!connection) return tl::unexpected(std::move(connection).error());
  if ((*connection)->dialect() == Dialect::postgres) {
    if (auto ready = (*connection)->execute(sql::postgres::kPrepareDesk); !ready) return ready;
  }
  const auto version = (*connection)->run(sql::kVersion, {});
  if (!version) return tl::unexpected(version.error());
  if (version->size() != 1 || number_at(version->front(), 0) != sql::kTablesVersion)
    return fail(Errc::bad_file, Side::local, "the hub's tables are of another version of this program");
  connection_ = std::move(*connection);
  return {};
}

template <class Value>
Result<Value> Desk::read(const std::function<Result<Value>(Connection&)>& task) const {
  for (bool again = connection_ != nullptr;; again = false) {
    if (!connection_) {
      if (auto opened = open(); !opened) return tl::unexpected(std::move(opened).error());
    }
    auto out = task(*connection_);
    if (out || out.error().code != Errc::closed) return out;
    connection_.reset();
    if (!again) return out;
  }
}

void Desk::report(events::Report, std::function<void(Result<void>)> done) {
  done(fail(Errc::refused, Side::client, "a learner's word is taken on the laptop where it was recorded"));
}

/// Not tried again: whether a commit under way came through is not known, and an entry must not stand there twice.
Result<std::uint64_t> Desk::write(const std::function<Result<std::uint64_t>(Connection&)>& task) {
  if (!connection_) {
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened).error());
  }
  auto written = task(*connection_);
  if (!written && written.error().code == Errc::closed) connection_.reset();
  return written;
}

Result<std::uint64_t> Desk::add(events::Entry entry) {
  return write([&](Connection& on) { return add_entry(on, std::move(entry)); });
}

Result<std::uint64_t> Desk::erase_person(std::string_view person,
                                         const std::function<events::Entry(std::uint64_t rows)>& record) {
  return write([&](Connection& on) { return hub::erase_person(on, std::string(person), record); });
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

}  // namespace fairlead::agent::hub
