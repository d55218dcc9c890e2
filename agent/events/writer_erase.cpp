// The writer's transactions that erase.

#include <initializer_list>
#include <vector>

#include "agent/events/sql.hpp"
#include "agent/events/writer.hpp"

namespace fairlead::agent::events {

namespace {

Result<std::vector<Statement>> prepared(const Database& database, std::initializer_list<std::string_view> texts) {
  std::vector<Statement> out;
  for (const std::string_view sql : texts) {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(std::move(statement).error());
    out.push_back(std::move(*statement));
  }
  return out;
}

}  // namespace

Result<void> Writer::erase_events(std::span<const std::uint64_t> sequences) {
  auto erased = in_transaction([&](Head&) -> Result<void> {
    auto made = prepared(
        database_, {sql::kEventToErase, sql::kEraseEvent, sql::kLeaveIncident, sql::kReportDigests, sql::kEraseReport});
    if (!made) return tl::unexpected(std::move(made).error());
    std::vector<Statement>& all = *made;
    EventErasure with{std::move(all[0]), std::move(all[1]), std::move(all[2]), std::move(all[3]), std::move(all[4])};
    Left left;
    for (const std::uint64_t sequence : sequences) {
      if (auto done = erase_event(with, sequence, left); !done) return done;
    }
    return forget(left);
  });
  lookup_->forget();
  return erased;
}

Result<void> Writer::erase_entries(std::span<const std::uint64_t> sequences) {
  auto erased = in_transaction([&](Head&) -> Result<void> {
    auto made = prepared(database_, {sql::kEntryToErase, sql::kEraseEntry});
    if (!made) return tl::unexpected(std::move(made).error());
    EntryErasure with{std::move((*made)[0]), std::move((*made)[1])};
    Left left;
    for (const std::uint64_t sequence : sequences) {
      if (auto done = erase_entry(with, sequence, left); !done) return done;
    }
    return forget(left);
  });
  lookup_->forget();
  return erased;
}

Result<void> Writer::erase_event(EventErasure& with, std::uint64_t sequence, Left& left) {
  const auto found = with.find.integer(sequence).step();
  if (!found) return tl::unexpected(found.error());
  const std::string digest(with.find.bytes_at(0));
  const std::uint64_t incident = with.find.integer_at(1);
  const auto salt = static_cast<std::size_t>(with.find.integer_at(4));
  if (*found) {
    left.incidents.insert(incident);
    left.people.insert(with.find.integer_at(2));
    left.hosts.insert(with.find.integer_at(3));
  }
  with.find.reset();
  if (!*found) return {};
  if (auto erased = erase_row(kEventShape, with.erase, sequence, digest, salt); !erased) return erased;
  if (incident != 0) {
    if (auto done = with.leave_incident.integer(incident).run(); !done) return done;
  }
  return erase_reports_of(with, sequence);
}

Result<void> Writer::erase_reports_of(EventErasure& with, std::uint64_t event) {
  struct Attached {
    std::uint64_t number;
    std::string digest;
    std::size_t salt;
  };
  std::vector<Attached> attached;
  Statement& reports = with.find_reports;
  reports.integer(event);
  for (;;) {
    const auto row = reports.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    attached.push_back(
        {reports.integer_at(0), std::string(reports.bytes_at(1)), static_cast<std::size_t>(reports.integer_at(2))});
  }
  reports.reset();
  for (const Attached& one : attached) {
    if (auto erased = erase_row(kReportShape, with.erase_report, one.number, one.digest, one.salt); !erased)
      return erased;
  }
  return {};
}

Result<void> Writer::erase_entry(EntryErasure& with, std::uint64_t sequence, Left& left) {
  const auto found = with.find.integer(sequence).step();
  if (!found) return tl::unexpected(found.error());
  const std::string digest(with.find.bytes_at(0));
  if (*found) {
    left.people.insert(with.find.integer_at(1));
    left.people.insert(with.find.integer_at(2));
  }
  with.find.reset();
  if (!*found) return {};
  return erase_row(kEntryShape, with.erase, sequence, digest, kSaltSize);
}

Result<void> Writer::erase_row(const Shape& shape, Statement& update, std::uint64_t sequence, std::string_view digest,
                               std::size_t salt) {
  const Digest proof = device_->key().proof(erasure_message(hasher_, shape, digest));
  return update.bytes(proof.view().substr(0, salt)).integer(sequence).run();
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
