#include "agent/hub/store.hpp"

#include <utility>

#include "agent/events/digest.hpp"
#include "agent/hub/desk_exceptions.hpp"
#include "agent/hub/erasing.hpp"
#include "agent/hub/names.hpp"
#include "agent/hub/notice_board.hpp"
#include "agent/hub/sql.hpp"
#include "agent/hub/sql_tables.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {
namespace {

constexpr std::string_view kShared = "shared";

/// A code is long and random, so its digest needs no salt.
Bytes digest_of(std::string_view code) {
  return {std::string(events::Hasher().add("fairlead enrolment code 1").add(code).finish().view())};
}

Device device_from(const Row& row) {
  return {count_at(row, 0), text_at(row, 1),        text_at(row, 2), text_at(row, 3), time_at(row, 4),
          time_at(row, 5),  number_at(row, 6) != 0, text_at(row, 7), text_at(row, 8)};
}

}  // namespace

std::string_view to_string(Redeemed redeemed) {
  switch (redeemed) {
    case Redeemed::yes:
      return "enrolled";
    case Redeemed::unknown:
      return "no such code";
    case Redeemed::used_up:
      return "code used up";
    case Redeemed::expired:
      return "code expired";
    case Redeemed::revoked:
      return "device revoked";
  }
  return "no such code";
}

Result<std::unique_ptr<Store>> Store::open(const std::string& place) {
  auto connection = connect(place);
  if (!connection) return tl::unexpected(std::move(connection).error());
  std::unique_ptr<Store> store(new Store(std::move(*connection)));
  if (auto made = store->make_tables(); !made) return tl::unexpected(std::move(made).error());
  const auto accounts = store->connection_->run(sql::kAccounts, {});
  if (!accounts) return tl::unexpected(accounts.error());
  const auto whose = text_at(accounts->front(), 0) == kShared ? Accounts::shared : Accounts::local;
  store->take_as(whose);
  return store;
}

void Store::take_as(Accounts accounts) {
  intake_ = std::make_unique<Intake>(*connection_, accounts);
  book_ = std::make_unique<BookIntake>(*connection_, accounts);
}

Result<void> Store::make_tables() {
  return in_transaction(*connection_, [&]() -> Result<void> {
    if (connection_->dialect() == Dialect::postgres) {
      if (auto locked = connection_->run(sql::postgres::kLockTables, {}); !locked)
        return tl::unexpected(locked.error());
    }
    const auto there = connection_->run(in(*connection_, sql::sqlite::kHasTables, sql::postgres::kHasTables), {});
    if (!there) return tl::unexpected(there.error());
    if (number_at(there->front(), 0) == 0)
      return connection_->execute(in(*connection_, sql::sqlite::kTables, sql::postgres::kTables));
    const auto version = connection_->run(sql::kVersion, {});
    if (!version) return tl::unexpected(version.error());
    if (version->size() != 1 || number_at(version->front(), 0) != sql::kTablesVersion)
      return fail(Errc::bad_file, Side::local, "the hub's tables are of another version of this program");
    return {};
  });
}

Result<void> Store::set_accounts(Accounts accounts) {
  const auto name = [](Accounts one) { return std::string(one == Accounts::shared ? kShared : "local"); };
  const auto done = connection_->run(sql::kSetAccounts, {name(accounts), name(accounts)});
  if (!done) return tl::unexpected(done.error());
  if (done->empty())
    return fail(Errc::refused, Side::client, "people are known already: whose accounts they are stays");
  take_as(accounts);
  return {};
}

Result<void> Store::add_code(std::string_view code, const std::string& group, std::uint64_t uses, Now expires, Now now,
                             const std::string& site) {
  if (!site.empty() && !is_site_name(site))
    return fail(Errc::refused, Side::client, "a site's name has up to 64 letters and no blank at an end");
  return in_transaction(*connection_, [&]() -> Result<void> {
    std::int64_t number = 0;
    if (!site.empty()) {
      if (auto made = connection_->run(sql::kAddSite, {site}); !made) return tl::unexpected(made.error());
      const auto found = connection_->run(sql::kSite, {site});
      if (!found) return tl::unexpected(found.error());
      number = number_at(found->front(), 0);
    }
    const auto done = connection_->run(
        sql::kAddCode, {digest_of(code), group, column_of(uses), column_of(expires), column_of(now), number});
    if (!done) return tl::unexpected(done.error());
    return {};
  });
}

Result<Redeemed> Store::redeem(std::string_view code, const std::string& device, const std::string& name, Now now) {
  Redeemed out = Redeemed::unknown;
  const Bytes digest = digest_of(code);
  const auto done = in_transaction(*connection_, [&]() -> Result<void> {
    const auto known = this->device(device);
    if (!known) return tl::unexpected(known.error());
    const auto found = connection_->run(sql::kCode, {digest});
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) return {};
    if (*known && (*known)->revoked) {
      out = Redeemed::revoked;
      return {};
    }
    if (time_at(found->front(), 1) < now) {
      out = Redeemed::expired;
      return {};
    }
    const auto first = connection_->run(sql::kRedeem, {digest, device, column_of(now)});
    if (!first) return tl::unexpected(first.error());
    if (!first->empty()) {
      const auto used = connection_->run(sql::kUseCode, {digest});
      if (!used) return tl::unexpected(used.error());
      if (used->empty()) {
        out = Redeemed::used_up;
        return fail(Errc::refused, Side::client, "the code is used up");  // takes the line in `redeemed` back
      }
    }
    const std::int64_t site = number_at(found->front(), 2);
    const auto added = connection_->run(
        sql::kAddDevice, {device, text_at(found->front(), 0), name, column_of(now), column_of(now), site});
    if (!added) return tl::unexpected(added.error());
    out = Redeemed::yes;
    return *known && (*known)->site != text_at(found->front(), 3) ? move_to(device, site) : Result<void>();
  });
  if (!done && out != Redeemed::used_up) return tl::unexpected(done.error());
  return out;
}

Result<std::optional<Device>> Store::device(const std::string& id) {
  const auto rows = connection_->run(sql::kDevice, {id});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return device_from(rows->front());
}

Result<std::vector<Device>> read_devices(Connection& connection) {
  const auto rows = connection.run(sql::kDevices, {});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Device> out;
  for (const Row& row : *rows) out.push_back(device_from(row));
  return out;
}

Result<std::vector<std::string>> read_sites(Connection& connection) {
  const auto rows = connection.run(sql::kSites, {});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::string> out;
  for (const Row& row : *rows) out.push_back(text_at(row, 0));
  return out;
}

Result<void> Store::move_to(const std::string& id, std::int64_t site) {
  if (connection_->dialect() == Dialect::postgres) {
    if (auto locked = connection_->run(sql::postgres::kLockSites, {}); !locked) return tl::unexpected(locked.error());
  }
  const auto moved = connection_->run(sql::kMoveDevice, {site, id});
  if (!moved) return tl::unexpected(moved.error());
  if (moved->empty()) return fail(Errc::not_found, Side::client, "there is no such device");
  const auto incidents = connection_->run(sql::kMoveIncidents, {site, number_at(moved->front(), 0)});
  if (!incidents) return tl::unexpected(incidents.error());
  return {};
}

Result<void> Store::move(const std::string& id, const std::string& site) {
  return in_transaction(*connection_, [&]() -> Result<void> {
    if (site.empty()) return move_to(id, 0);
    const auto found = connection_->run(sql::kSite, {site});
    if (!found) return tl::unexpected(found.error());
    if (!found->empty()) return move_to(id, number_at(found->front(), 0));
    const auto all = sites();
    if (!all) return tl::unexpected(all.error());
    std::string known;
    for (const std::string& one : *all) known += (known.empty() ? "" : ", ") + one;
    return fail(Errc::not_found, Side::client,
                "there is no such site" + (known.empty() ? "" : "; there are: " + known));
  });
}

Result<void> Store::revoke(const std::string& id, Now now) {
  return in_transaction(*connection_, [&]() -> Result<void> {
    const auto rows = connection_->run(sql::kRevoke, {column_of(now), id});
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return fail(Errc::not_found, Side::client, "there is no such device");
    return give_up_erasures(*connection_, number_at(rows->front(), 0));
  });
}

Result<exchange::Receipt> Store::take(const exchange::BookBatch& batch, const Device& device, Now now) {
  return book_->take(batch, device, now);
}

Result<Hearing> Store::hear(const Device& device, const exchange::Health& health, Now now) {
  Hearing out;
  const auto done = in_transaction(*connection_, [&]() -> Result<void> {
    const auto told = connection_->run(sql::kHealth, {column_of(now), health.health, health.exceptions, device.id});
    if (!told) return tl::unexpected(told.error());
    if (told->empty()) return fail(Errc::not_found, Side::client, "there is no such device");
    const std::int64_t number = column_of(device.number);
    if (auto confirmed = confirm_erasures(*connection_, number, health.heard, now); !confirmed) return confirmed;
    if (auto down = take_down(*connection_, number, health.heard); !down) return down;
    auto next = notices_for(*connection_, number);
    if (!next) return tl::unexpected(std::move(next).error());
    out.notices = std::move(*next);
    auto standing =
        other_set_for(*connection_, text_at(told->front(), 0), number_at(told->front(), 1), health.exceptions, now);
    if (!standing) return tl::unexpected(std::move(standing).error());
    out.exceptions = std::move(*standing);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<void> Store::note(const Note& note) {
  const auto done =
      connection_->run(sql::kNote, {column_of(note.time), note.device, note.address, note.what, note.detail});
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<std::vector<Note>> Store::notes(std::size_t limit) {
  const auto rows = connection_->run(sql::kNotes, {column_of(limit)});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<Note> out;
  for (const Row& row : *rows)
    out.push_back({time_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3), text_at(row, 4)});
  return out;
}

Result<std::uint64_t> Store::count_events() {
  const auto rows = connection_->run(sql::kCountEvents, {});
  if (!rows) return tl::unexpected(rows.error());
  return count_at(rows->front(), 0);
}

Result<exchange::Receipt> Store::take(const exchange::Batch& batch, const Device& device, Now now) {
  return intake_->take(batch, device, now);
}

}  // namespace fairlead::agent::hub
