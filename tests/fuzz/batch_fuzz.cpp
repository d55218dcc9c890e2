// Any bytes as what a laptop hands to a hub and as the hub's answer, plain and as a Zstandard frame: read or refused.
// What is read is within its limits and is read the same once it was written again.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/exchange/batch.hpp"
#include "agent/exchange/compress.hpp"

namespace {

namespace exchange = fairlead::agent::exchange;

void require(bool holds) {
  if (!holds) std::abort();
}

void read(std::string_view text) {
  if (const auto batch = exchange::read_batch(text)) {
    require(batch->rows.size() <= exchange::kMostRows);
    std::uint64_t before = batch->first - 1;
    for (const auto& row : batch->rows) {
      require(row.sequence > before && row.digest.size() == 32);
      before = row.sequence;
    }
    require(batch->covered() <= exchange::kMostCovered);
    before = 0;
    for (const auto& one : batch->merged) {
      require(one.sequence > before && one.row < batch->rows.size() && !one.id.empty());
      require(one.sequence > batch->rows[one.row].sequence);
      require(exchange::hour_of(one.time) == exchange::hour_of(batch->rows[one.row].event.time));
      before = one.sequence;
    }
    // What is escaped grows when it is written; a batch at the limit need not fit again.
    const std::string written = exchange::write_batch(*batch);
    const auto again = exchange::read_batch(written);
    require(again ? exchange::write_batch(*again) == written : written.size() > exchange::kMostBytes);
  } else {
    require(!batch.error().context.empty());
  }
  if (const auto receipt = exchange::read_receipt(text)) {
    require(receipt->missing.size() <= exchange::kMostRanges);
    const auto again = exchange::read_receipt(exchange::write_receipt(*receipt));
    require(again && again->high == receipt->high && again->missing == receipt->missing);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  if (const auto plain = exchange::decompress(bytes, exchange::kMostBytes)) {
    require(plain->size() <= exchange::kMostBytes);
    read(*plain);
  }
  return 0;
}
