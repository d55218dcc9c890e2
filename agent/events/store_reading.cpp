// The reading methods of Store: each opens the file beside its writer and closes it again.

#include <utility>

#include "agent/events/book_reader.hpp"
#include "agent/events/entries_reader.hpp"
#include "agent/events/incidents_reader.hpp"
#include "agent/events/pack_writer.hpp"
#include "agent/events/reader.hpp"
#include "agent/events/store.hpp"
#include "agent/events/store_thread.hpp"
#include "agent/events/verify.hpp"

namespace fairlead::agent::events {

Result<void> Store::for_each(const Filter& filter, const std::function<void(const Stored&)>& row) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_events(*database, device->key().id(), filter, row);
}

Result<std::vector<Stored>> Store::list(const Filter& filter) const {
  std::vector<Stored> out;
  if (auto read = for_each(filter, [&](const Stored& stored) { out.push_back(stored); }); !read)
    return tl::unexpected(std::move(read).error());
  return out;
}

Result<std::vector<std::string>> Store::people() const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_people(*database);
}

Result<Stored> Store::show(std::string_view id) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_event(*database, device->key().id(), id);
}

Result<Verified> Store::verify() const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return verify_store(*database, *device);
}

Result<std::string> Store::evidence_pack(const PackRequest& request) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return write_pack(*database, *device, request);
}

Result<std::vector<EpochRange>> Store::epochs(Table table) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_epochs(*database, table);
}

Result<std::vector<BookRow>> Store::book(Table table, std::uint64_t after, std::uint64_t before) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_book(*database, table, after, before);
}

Result<std::vector<Entry>> Store::entries(const EntryFilter& filter) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_entries(*database, filter);
}

Result<std::vector<Incident>> Store::incidents(const IncidentFilter& filter) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_incidents(*database, device->key().id(), filter);
}

Result<std::uint64_t> Store::count_incidents(const IncidentFilter& filter) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_incident_count(*database, filter);
}

Result<Incident> Store::incident(std::uint64_t number) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_incident(*database, device->key().id(), number);
}

Result<std::vector<Stored>> Store::events_of(std::uint64_t incident, std::size_t limit, std::size_t offset) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  const auto device = Device::read(impl_->folder);
  if (!device) return tl::unexpected(device.error());
  return read_events_of(*database, device->key().id(), incident, limit, offset);
}

Result<Totals> Store::totals(TimePoint since, TimePoint until) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_totals(*database, since, until);
}

Result<IncidentSummary> Store::summary(TimePoint since, TimePoint until) const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_summary(*database, since, until);
}

Result<std::vector<Member>> Store::members() const {
  const auto database = impl_->reading();
  if (!database) return tl::unexpected(database.error());
  return read_members(*database);
}

}  // namespace fairlead::agent::events
