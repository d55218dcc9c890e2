#pragma once
// What makes this laptop's store its own: the device key, the epoch, and the lock that keeps a second agent out.
// All of it lies in device.db, because SQLite writes it durably and its lock ends with the process, however that ends.
// Belongs to one thread at a time.

#include <cstdint>
#include <filesystem>

#include "agent/events/database.hpp"
#include "agent/events/digest.hpp"

namespace fairlead::agent::events {

class Device {
 public:
  /// Takes the folder for this process; makes the key when there is none.
  /// Errors   denied ("another agent uses this state folder"), disk_full, broken_store.
  [[nodiscard]] static Result<Device> hold(const std::filesystem::path& folder);
  /// Reads beside whoever holds it.
  [[nodiscard]] static Result<Device> read(const std::filesystem::path& folder);

  [[nodiscard]] const DeviceKey& key() const { return key_; }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  /// The last sequence that was on disk in that epoch when the agent last stopped; a store behind it was put back.
  [[nodiscard]] std::uint64_t reached() const { return reached_; }

  /// Remembers on disk where the store is. Holder only.
  [[nodiscard]] Result<void> move(std::uint64_t epoch, std::uint64_t reached);

 private:
  Device(Database database, DeviceKey key) : database_(std::move(database)), key_(std::move(key)) {}
  [[nodiscard]] static Result<Device> load(Database database);

  Database database_;
  DeviceKey key_;
  std::uint64_t epoch_ = 0, reached_ = 0;
};

}  // namespace fairlead::agent::events
