#pragma once
// What the hub keeps: devices, enrolment codes, the events of all of them, and the audit. Written once over both
// databases. An object belongs to one thread at a time; any number of them, in any number of hubs, may stand beside
// each other. Everything is on disk when a call returns. Blocks: never on an event loop.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/exchange/batch.hpp"
#include "agent/hub/connection.hpp"

namespace fairlead::agent::hub {

using Now = events::TimePoint;

struct Device {
  std::uint64_t number = 0;
  std::string id, group, name;
  Now enrolled{}, seen{};
  bool revoked = false;
  std::string health;  // JSON as the device told it last; empty: nothing yet
};

/// A line of the audit. Never a person.
struct Note {
  Now time{};
  std::string device, address, what, detail;
};

/// What became of a code that somebody showed.
enum class Redeemed : std::uint8_t { yes, unknown, used_up, expired, revoked };
[[nodiscard]] std::string_view to_string(Redeemed redeemed);

class Store {
 public:
  /// Makes the tables where there are none.
  /// Errors   those of connect(); bad_file: a newer hub made them.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& place);

  /// code     kept as its digest alone.
  [[nodiscard]] Result<void> add_code(std::string_view code, const std::string& group, std::uint64_t uses, Now expires,
                                      Now now);
  /// Enrols a device. Whoever shows the same code again after its answer was lost uses it once.
  [[nodiscard]] Result<Redeemed> redeem(std::string_view code, const std::string& device, const std::string& name,
                                        Now now);
  [[nodiscard]] Result<std::optional<Device>> device(const std::string& id);
  [[nodiscard]] Result<std::vector<Device>> devices();
  /// Errors   not_found
  [[nodiscard]] Result<void> revoke(const std::string& id, Now now);
  [[nodiscard]] Result<void> tell_health(const std::string& id, const std::string& health, Now now);
  [[nodiscard]] Result<void> note(const Note& note);
  /// The latest first.
  [[nodiscard]] Result<std::vector<Note>> notes(std::size_t limit);

  /// Takes what is new of a batch and says what there is then. Rows that are there already must be the same ones.
  /// device   whose batch it is.
  [[nodiscard]] Result<exchange::Receipt> take(const exchange::Batch& batch, const Device& device, Now now);
  [[nodiscard]] Result<std::uint64_t> count_events();

  /// For what keeps tables of its own beside these. Lives as long as this object; the same thread.
  [[nodiscard]] Connection& connection() { return *connection_; }

 private:
  explicit Store(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  [[nodiscard]] Result<void> make_tables();
  [[nodiscard]] Result<void> in_transaction(const std::function<Result<void>()>& task);
  /// An epoch of a device: there is everything up to `through`, and `high` is the highest.
  struct Stream {
    std::int64_t device, epoch;
    std::uint64_t through, high;
  };
  /// Nobody else changes it until the transaction ends.
  [[nodiscard]] Result<Stream> lock_stream(std::int64_t device, const exchange::Batch& batch);
  /// Whether the row that the laptop names is the one that is there.
  [[nodiscard]] Result<bool> agrees(const std::optional<exchange::Mark>& mark, const Stream& stream);
  /// What of a batch is new; or from where on it is not what is there.
  struct Compared {
    std::vector<Row> fresh;
    std::uint64_t differs_from = 0;
  };
  [[nodiscard]] Result<Compared> compare(const exchange::Batch& batch, const Stream& stream, Now now);
  /// Once the rows are there.
  [[nodiscard]] Result<exchange::Receipt> advance(const exchange::Batch& batch, Stream stream);
  [[nodiscard]] std::string_view in(std::string_view sqlite, std::string_view postgres) const;

  std::unique_ptr<Connection> connection_;
};

}  // namespace fairlead::agent::hub
