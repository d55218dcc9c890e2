#pragma once
// What the hub keeps: devices, enrolment codes, the events of all of them, and the audit. Written once over both
// databases. An object belongs to one thread at a time; any number of them, in any number of hubs, may stand beside
// each other. Everything is on disk when a call returns. Blocks: never on an event loop.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/exchange/batch.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/hub/book_intake.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/device.hpp"
#include "agent/hub/intake.hpp"

namespace fairlead::agent::hub {

/// A line of the audit. Never a person.
struct Note {
  Now time{};
  std::string device, address, what, detail;
};

/// What became of a code that somebody showed.
enum class Redeemed : std::uint8_t { yes, unknown, used_up, expired, revoked };
[[nodiscard]] std::string_view to_string(Redeemed redeemed);

/// What a laptop has to hear next, as exchange::write_notices() takes it.
struct Hearing {
  std::vector<std::string> notices;
  std::optional<exchange::ExceptionSet> exceptions = std::nullopt;  // where the laptop has others
};

/// Those that this connection shows.
[[nodiscard]] Result<std::vector<Device>> read_devices(Connection& connection);
[[nodiscard]] Result<std::vector<std::string>> read_sites(Connection& connection);

class Store {
 public:
  /// Makes the tables where there are none.
  /// Errors   those of connect(); bad_file: another version of the hub made them.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& place);

  /// Says whose accounts those of laptops are.
  /// Errors   refused: people are known already, and would be others.
  [[nodiscard]] Result<void> set_accounts(Accounts accounts);

  /// code     kept as its digest alone.
  /// site     where laptops that join with it stand; it is made where there is none of that name. Empty: nowhere.
  /// Errors   refused: no name of a site.
  [[nodiscard]] Result<void> add_code(std::string_view code, const std::string& group, std::uint64_t uses, Now expires,
                                      Now now, const std::string& site = {});
  /// Enrols a device. Whoever shows the same code again after its answer was lost uses it once.
  [[nodiscard]] Result<Redeemed> redeem(std::string_view code, const std::string& device, const std::string& name,
                                        Now now);
  [[nodiscard]] Result<std::optional<Device>> device(const std::string& id);
  [[nodiscard]] Result<std::vector<Device>> devices() { return read_devices(*connection_); }
  /// The names of all sites.
  [[nodiscard]] Result<std::vector<std::string>> sites() { return read_sites(*connection_); }
  /// Everything that the device handed in goes with it, but for totals: those of days gone by stay where they were
  /// counted. An incident that several laptops share goes with the one that was the last to add to it.
  /// site     empty: the device is of none any more.
  /// Errors   not_found: no such device, or no such site.
  [[nodiscard]] Result<void> move(const std::string& id, const std::string& site);
  /// Errors   not_found
  [[nodiscard]] Result<void> revoke(const std::string& id, Now now);
  [[nodiscard]] Result<void> note(const Note& note);
  /// The latest first.
  [[nodiscard]] Result<std::vector<Note>> notes(std::size_t limit);

  /// Takes what is new of a batch and says what there is then. Rows that are there already must be the same ones.
  /// device   whose batch it is.
  [[nodiscard]] Result<exchange::Receipt> take(const exchange::Batch& batch, const Device& device, Now now);
  /// The same of what learners say and of what is done.
  [[nodiscard]] Result<exchange::Receipt> take(const exchange::BookBatch& batch, const Device& device, Now now);
  [[nodiscard]] Result<std::uint64_t> count_events();

  /// How a laptop is, what it has heard, and which exceptions it has.
  [[nodiscard]] Result<Hearing> hear(const Device& device, const exchange::Health& health, Now now);
  /// For what keeps tables of its own beside these. Lives as long as this object; the same thread.
  [[nodiscard]] Connection& connection() { return *connection_; }

 private:
  explicit Store(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  [[nodiscard]] Result<void> make_tables();
  /// Inside a transaction.
  [[nodiscard]] Result<void> move_to(const std::string& id, std::int64_t site);
  void take_as(Accounts accounts);
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<BookIntake> book_;
};

}  // namespace fairlead::agent::hub
