// The writer's transactions that erase.

#include <vector>

#include "agent/events/sql.hpp"
#include "agent/events/writer.hpp"

namespace fairlead::agent::events {

Result<void> Writer::erase_events(std::span<const std::uint64_t> sequences) {
  auto erased = in_transaction([&](Head&) -> Result<void> {
    Left left;
    for (const std::uint64_t sequence : sequences) {
      if (auto done = erase_event(sequence, left); !done) return done;
    }
    return forget(left);
  });
  lookup_->forget();
  return erased;
}

Result<void> Writer::erase_entries(std::span<const std::uint64_t> sequences) {
  auto erased = in_transaction([&](Head&) -> Result<void> {
    Left left;
    for (const std::uint64_t sequence : sequences) {
      if (auto done = erase_entry(sequence, left); !done) return done;
    }
    return forget(left);
  });
  lookup_->forget();
  return erased;
}

Result<void> Writer::erase_event(std::uint64_t sequence, Left& left) {
  std::string digest;
  std::uint64_t incident = 0;
  std::size_t salt = 0;
  {
    auto row = database_.prepare(sql::kEventToErase);
    if (!row) return tl::unexpected(std::move(row).error());
    const auto found = row->integer(sequence).step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    digest = row->bytes_at(0);
    incident = row->integer_at(1);
    left.incidents.insert(incident);
    left.people.insert(row->integer_at(2));
    left.hosts.insert(row->integer_at(3));
    salt = static_cast<std::size_t>(row->integer_at(4));
  }
  if (auto erased = erase_row(kEventShape, sql::kEraseEvent, sequence, digest, salt); !erased) return erased;
  if (incident != 0) {
    auto leave = database_.prepare(sql::kLeaveIncident);
    if (!leave) return tl::unexpected(std::move(leave).error());
    if (auto done = leave->integer(incident).run(); !done) return done;
  }
  return erase_reports_of(sequence);
}

Result<void> Writer::erase_reports_of(std::uint64_t event) {
  struct Attached {
    std::uint64_t number;
    std::string digest;
    std::size_t salt;
  };
  std::vector<Attached> attached;
  {
    auto reports = database_.prepare(sql::kReportDigests);
    if (!reports) return tl::unexpected(std::move(reports).error());
    reports->integer(event);
    for (;;) {
      const auto row = reports->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      attached.push_back({reports->integer_at(0), std::string(reports->bytes_at(1)),
                          static_cast<std::size_t>(reports->integer_at(2))});
    }
  }
  for (const Attached& one : attached) {
    if (auto erased = erase_row(kReportShape, sql::kEraseReport, one.number, one.digest, one.salt); !erased)
      return erased;
  }
  return {};
}

Result<void> Writer::erase_entry(std::uint64_t sequence, Left& left) {
  std::string digest;
  {
    auto row = database_.prepare(sql::kEntryToErase);
    if (!row) return tl::unexpected(std::move(row).error());
    const auto found = row->integer(sequence).step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    digest = row->bytes_at(0);
    left.people.insert(row->integer_at(1));
    left.people.insert(row->integer_at(2));
  }
  return erase_row(kEntryShape, sql::kEraseEntry, sequence, digest, kSaltSize);
}

Result<void> Writer::erase_row(const Shape& shape, std::string_view update, std::uint64_t sequence,
                               std::string_view digest, std::size_t salt) {
  auto erase = database_.prepare(update);
  if (!erase) return tl::unexpected(std::move(erase).error());
  const Digest proof = device_->key().proof(erasure_message(hasher_, shape, digest));
  return erase->bytes(proof.view().substr(0, salt)).integer(sequence).run();
}

/// Takes the person from incidents that have no event left, and every name from its table that no row bears any more.
Result<void> Writer::forget(const Left& left) {
  const std::pair<std::string_view, const std::set<std::uint64_t>&> steps[] = {
      {sql::kForgetIncidents, left.incidents}, {sql::kForgetPerson, left.people}, {sql::kForgetHost, left.hosts}};
  for (const auto& [update, numbers] : steps) {
    auto forget = database_.prepare(update);
    if (!forget) return tl::unexpected(std::move(forget).error());
    for (const std::uint64_t number : numbers) {
      if (auto done = forget->integer(number).run(); !done) return done;
    }
  }
  return {};
}

Result<void> Writer::drop_counters_before(std::int64_t day) {
  return in_transaction([&](Head& head) -> Result<void> {
    auto drop = database_.prepare(sql::kDeleteCounters);
    if (!drop) return tl::unexpected(std::move(drop).error());
    if (auto dropped = drop->integer(static_cast<std::uint64_t>(day)).run(); !dropped) return dropped;
    head.counters -= database_.changes();
    return {};
  });
}

}  // namespace fairlead::agent::events
