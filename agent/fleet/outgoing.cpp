#include "agent/fleet/outgoing.hpp"

#include <utility>

#include "agent/exchange/book_batch.hpp"

namespace fairlead::agent::fleet {
namespace {

using events::BookRow;
using events::Stored;
using events::Table;

constexpr std::size_t kAroundTexts = 1024;  // names of fields, numbers and short texts of a row

std::size_t size_of(const Stored& row) {
  const events::Event& event = row.event;
  return kAroundTexts + event.url.size() + event.losers.size() + event.rule.size() + event.words.size();
}
std::size_t size_of(const BookRow& row) {
  if (const auto* entry = std::get_if<events::Entry>(&row.what)) return kAroundTexts + entry->body.size();
  return kAroundTexts + std::get<events::Report>(row.what).words.size();
}

/// Puts rows into a batch up to what is enough; the one before the first becomes the mark.
template <class Row>
std::vector<std::uint64_t> fill(exchange::BatchOf<Row>& batch, std::vector<Row> rows, std::uint64_t first) {
  std::vector<std::uint64_t> out;
  std::size_t bytes = 0;
  for (Row& row : rows) {
    if (row.sequence < first) {
      batch.mark = exchange::Mark{row.sequence, std::move(row.digest)};
      continue;
    }
    bytes += size_of(row);
    if (!out.empty() && bytes > exchange::kEnoughBytes) break;
    out.push_back(row.sequence);
    batch.rows.push_back(std::move(row));
  }
  return out;
}

/// The rows after one sequence and before another; those before `first` are the mark.
Result<Outgoing> say(const events::Store& store, const std::string& device, const Part& part, std::uint64_t after,
                     std::uint64_t before, std::uint64_t first) {
  Outgoing out;
  if (part.table == Table::events) {
    exchange::Batch batch{device, part.range.epoch, part.range.first, {}};
    if (before > after + 1) {
      events::Filter filter;
      filter.after = after;
      filter.before = before;
      auto rows = store.list(filter);
      if (!rows) return tl::unexpected(std::move(rows).error());
      out.sequences = fill(batch, std::move(*rows), first);
    }
    out.path = "/v1/events";
    out.text = exchange::write_batch(batch);
    return out;
  }
  exchange::BookBatch batch{{device, part.range.epoch, part.range.first, {}}, part.table};
  if (before > after + 1) {
    auto rows = store.book(part.table, after, before);
    if (!rows) return tl::unexpected(std::move(rows).error());
    out.sequences = fill(batch, std::move(*rows), first);
  }
  out.path = "/v1/book";
  out.text = exchange::write_book_batch(batch);
  return out;
}

}  // namespace

Result<Outgoing> ask_about(const events::Store& store, const std::string& device, const Part& part,
                           std::uint64_t about) {
  return say(store, device, part, about - 1, about + 1, about + 1);
}

Result<Outgoing> rows_of(const events::Store& store, const std::string& device, const Part& part,
                         const exchange::Range& range) {
  if (range.first == 0) return say(store, device, part, 0, 0, 0);
  const std::uint64_t after = range.first - (range.first > part.range.first ? 2 : 1);
  return say(store, device, part, after, range.last + 1, range.first);
}

}  // namespace fairlead::agent::fleet
