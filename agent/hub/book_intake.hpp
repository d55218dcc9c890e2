#pragma once
// Takes what learners say of events, and what is done about them, from laptops (exchange/book_batch.hpp): each row
// once, in one transaction, beside the event and the incident that it is about. What a laptop wrote because the hub
// told it is not news. An object belongs to one thread at a time.

#include "agent/exchange/book_batch.hpp"
#include "agent/hub/database.hpp"
#include "agent/hub/device.hpp"
#include "agent/hub/names.hpp"

namespace fairlead::agent::hub {

class BookIntake {
 public:
  /// connection   outlives this.
  BookIntake(Connection& connection, Accounts accounts) : connection_(connection), accounts_(accounts) {}

  /// Rows are sent in order, so that the receipt never names any as missing: what the laptop left out, it left out.
  /// device   whose batch it is.
  /// Errors   those of Connection; nothing was taken then.
  [[nodiscard]] Result<exchange::Receipt> take(const exchange::BookBatch& batch, const Device& device, Now now);

 private:
  [[nodiscard]] Result<std::uint64_t> lock_stream(const exchange::BookBatch& batch, const Device& device);
  /// From where on the batch is not what is there; 0: it is.
  [[nodiscard]] Result<std::uint64_t> differs_from(const exchange::BookBatch& batch, const Device& device);
  [[nodiscard]] Result<void> add_report(const exchange::BookBatch& batch, const events::BookRow& row,
                                        const Device& device, std::int64_t person, Now now);
  [[nodiscard]] Result<void> add_entry(const exchange::BookBatch& batch, const events::BookRow& row,
                                       const Device& device, std::int64_t person, Now now);
  /// Of an event of this laptop: the row that it is, or that stands for it.
  struct EventRow {
    std::string id;
    std::int64_t incident = 0;  // 0: there is none any more
  };
  [[nodiscard]] Result<EventRow> row_of(const std::string& event, const Device& device);

  Connection& connection_;
  Accounts accounts_;
};

}  // namespace fairlead::agent::hub
