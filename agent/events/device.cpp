#include "agent/events/device.hpp"

#include <array>
#include <span>
#include <string_view>

#include "agent/events/sql.hpp"

namespace fairlead::agent::events {
namespace {

constexpr auto kFile = "device.db";

/// Adds what the folder's user needs to know to an error of SQLite's.
tl::unexpected<Error> about(Error error) {
  error.context = "device.db: " + error.context;
  return tl::unexpected(std::move(error));
}

/// A reserved lock: one holder, readers welcome. The system frees it when the process ends.
Result<void> take_lock(const Database& database) {
  auto taken = database.execute("BEGIN IMMEDIATE");
  if (!taken && taken.error().code == Errc::timed_out)
    return fail(Errc::denied, Side::local, "another agent uses this state folder");
  return taken;
}

Result<void> make_key(const Database& database) {
  if (auto made = database.execute(sql::kDeviceSchema); !made) return made;
  const auto there = database.number("SELECT count(*) FROM device");
  if (!there) return tl::unexpected(there.error());
  if (*there != 0) return {};
  std::array<char, 32> seed{};
  fill_random(seed);
  auto insert = database.prepare(sql::kMakeDevice);
  if (!insert) return tl::unexpected(std::move(insert).error());
  return insert->bytes(std::string_view(seed.data(), seed.size())).run();
}

}  // namespace

Result<Device> Device::load(Database database) {
  std::uint64_t epoch = 0;
  std::uint64_t reached = 0;
  auto key = [&]() -> Result<DeviceKey> {
    auto row = database.prepare(sql::kReadDevice);
    if (!row) return tl::unexpected(std::move(row).error());
    const auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(Errc::broken_store, Side::local, "there is no device key in it");
    epoch = row->integer_at(1);
    reached = row->integer_at(2);
    return DeviceKey::from_seed(row->bytes_at(0));
  }();
  if (!key) return about(std::move(key).error());
  Device device(std::move(database), std::move(*key));
  device.epoch_ = epoch;
  device.reached_ = reached;
  return device;
}

Result<Device> Device::hold(const std::filesystem::path& folder) {
  auto database = Database::open_to_write(folder / kFile);
  if (!database) return about(std::move(database).error());
  if (auto set = database->execute(sql::kPrepareDevice); !set) return about(std::move(set).error());
  if (auto locked = take_lock(*database); !locked) return about(std::move(locked).error());
  if (auto made = make_key(*database); !made) return about(std::move(made).error());
  // The key must be on disk before anything is signed with it; then the lock is taken for good.
  if (auto kept = database->execute("COMMIT"); !kept) return about(std::move(kept).error());
  if (auto locked = take_lock(*database); !locked) return about(std::move(locked).error());
  return load(std::move(*database));
}

Result<Device> Device::read(const std::filesystem::path& folder) {
  auto database = Database::open_to_read(folder / kFile);
  if (!database) return tl::unexpected(std::move(database).error());
  return load(std::move(*database));
}

Result<void> Device::move(std::uint64_t epoch, std::uint64_t reached) {
  if (epoch == epoch_ && reached == reached_) return {};
  auto write = [&]() -> Result<void> {
    auto update = database_.prepare(sql::kMoveDevice);
    if (!update) return tl::unexpected(std::move(update).error());
    return update->integer(epoch).integer(reached).run();
  }();
  if (write) write = database_.execute("COMMIT");
  if (!write) {
    (void)database_.execute("ROLLBACK");
    (void)take_lock(database_);
    return about(std::move(write).error());
  }
  epoch_ = epoch;
  reached_ = reached;
  return take_lock(database_);
}

}  // namespace fairlead::agent::events
