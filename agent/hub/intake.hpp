#pragma once
// Takes the events of laptops: what is new of a batch goes in with its incidents and totals, in one transaction; what
// is there already is compared and left alone. Of a merged event only the row that stands for it is kept, but it counts
// as itself everywhere. An object belongs to one thread at a time.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/exchange/batch.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/courses.hpp"
#include "agent/hub/device.hpp"
#include "agent/hub/names.hpp"
#include "agent/hub/parts.hpp"

namespace fairlead::agent::hub {

class Intake {
 public:
  /// connection   outlives this.
  Intake(Connection& connection, Accounts accounts)
      : connection_(connection), accounts_(accounts), parts_(connection) {}

  /// device   whose batch it is.
  /// Errors   those of Connection; too_large (more gaps than are kept). Nothing was taken then.
  [[nodiscard]] Result<exchange::Receipt> take(const exchange::Batch& batch, const Device& device, Now now);

 private:
  /// An epoch of a device: the highest sequence that is there, and what is missing below it.
  struct Stream {
    std::int64_t device = 0, epoch = 0, site = 0;
    std::uint64_t high = 0;
    std::string digest;  // of `high`; empty: it is no row
    std::vector<exchange::Range> gaps;
    [[nodiscard]] bool has(std::uint64_t sequence) const;
    void add(std::uint64_t sequence, const std::string& of_digest);
  };
  /// Nobody else changes it until the transaction ends.
  [[nodiscard]] Result<Stream> lock_stream(std::int64_t device, const exchange::Batch& batch);
  [[nodiscard]] Result<void> write_stream(const Stream& stream, bool gaps_changed);
  /// By which an event is known again: as a row by its digest, merged into one by its id.
  struct Known {
    std::string digest, id;
  };
  /// By sequence, of those between the two that are there still.
  using Knowns = std::unordered_map<std::uint64_t, Known>;
  [[nodiscard]] Result<Knowns> known(const Stream& stream, std::uint64_t from, std::uint64_t to);
  /// digest   empty: it is merged in this batch.
  [[nodiscard]] static bool is_another(const Knowns& there, std::uint64_t sequence, std::string_view digest,
                                       std::string_view id);
  /// From where on the batch is not what is there; 0: it is.
  [[nodiscard]] Result<std::uint64_t> differs_from(const exchange::Batch& batch, const Stream& stream);

  /// What of a batch can be known before the transaction.
  [[nodiscard]] Result<std::vector<Arrived>> prepare(const exchange::Batch& batch, Now now);
  [[nodiscard]] Result<std::int64_t> class_of(const events::Event& event);
  [[nodiscard]] Result<void> number_names(std::vector<Arrived>& events, const Device& device, Now now);
  [[nodiscard]] Result<void> add(std::vector<Arrived> fresh, const Device& device, const Stream& stream, Now now);
  [[nodiscard]] Result<void> count(const std::vector<Arrived>& events, const Device& device, std::int64_t site);
  [[nodiscard]] Result<void> note_spans(const std::vector<Arrived>& events, const Stream& stream);

  Connection& connection_;
  Accounts accounts_;
  Parts parts_;
  std::unordered_map<std::string, std::int64_t> classes_;  // by their texts; never erased, so never wrong
};

}  // namespace fairlead::agent::hub
