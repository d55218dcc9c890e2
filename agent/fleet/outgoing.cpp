#include "agent/fleet/outgoing.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <utility>

#include "agent/exchange/book_batch.hpp"

namespace fairlead::agent::fleet {
namespace {

using events::BookRow;
using events::Stored;
using events::Table;

constexpr std::size_t kAroundTexts = 1024;  // names of fields, numbers and short texts of a row
constexpr std::size_t kOfMerged = 80;       // bytes of an event that is not a row of its own
/// Events of a clock hour that are rows of their own whatever they are: some times what people cause in the worst one.
constexpr std::size_t kFullEachHour = 500;

std::size_t size_of(const Stored& row) {
  const events::Event& event = row.event;
  return kAroundTexts + event.url.size() + event.losers.size() + event.rule.size() + event.words.size();
}
std::size_t size_of(const BookRow& row) {
  if (const auto* entry = std::get_if<events::Entry>(&row.what)) return kAroundTexts + entry->body.size();
  return kAroundTexts + std::get<events::Report>(row.what).words.size();
}

/// Events of a batch, in their order. The laptop records what an application does that hammers at blocked hosts, one by
/// one; what travels of an hour is bounded here.
class Filling {
 public:
  /// first   what is before it does not go into the batch, but counts for its hour; the last of that becomes the mark.
  Filling(exchange::Batch& batch, std::uint64_t first) : batch_(batch), first_(first) {}

  /// Returns false when the batch is full, without this event.
  [[nodiscard]] bool add(Stored row) {
    const auto hour = exchange::hour_of(row.event.time);
    const bool many = hours_.size() == kFullEachHour && hours_.front() == hour;
    hours_.push_back(hour);
    if (hours_.size() > kFullEachHour) hours_.pop_front();
    if (row.sequence < first_) {
      batch_.mark = exchange::Mark{row.sequence, std::move(row.digest), std::move(row.event.id)};
      return true;
    }
    if (batch_.covered() == exchange::kMostCovered) return false;
    if (row.erased) return add_row(std::move(row));
    const auto [like, first] = like_.emplace(what_counts(row), batch_.rows.size());
    if (first || !many || !row.reports.empty()) {
      if (add_row(std::move(row))) return true;
      if (first) like_.erase(like);
      return false;
    }
    bytes_ += kOfMerged;
    if (bytes_ > exchange::kEnoughBytes) return false;
    batch_.merged.push_back({row.sequence, row.event.time, std::move(row.event.id), like->second});
    return true;
  }

 private:
  /// Events are alike that have all of this in common.
  using Alike = std::pair<std::chrono::sys_time<std::chrono::hours>, std::vector<std::string>>;
  static Alike what_counts(const Stored& row) {
    const events::Event& event = row.event;
    return {exchange::hour_of(event.time),
            {event.person, event.found, event.group, event.method, event.host, event.words, event.navigation_sign,
             event.category, event.risk, event.severity, event.review, event.rule, event.level, event.ruleset_id,
             event.policy_version, std::string(to_string(event.kind)), std::string(to_string(event.navigation)),
             std::to_string(row.incident)}};
  }

  bool add_row(Stored row) {
    bytes_ += size_of(row);
    if (batch_.rows.size() == exchange::kMostRows || (batch_.covered() > 0 && bytes_ > exchange::kEnoughBytes))
      return false;
    batch_.rows.push_back(std::move(row));
    return true;
  }

  exchange::Batch& batch_;  // the caller's, which outlives this
  std::uint64_t first_;
  std::size_t bytes_ = 0;
  std::deque<std::chrono::sys_time<std::chrono::hours>> hours_;  // of the latest events
  std::map<Alike, std::size_t> like_;                            // the row of each kind that stands for others
};

/// Puts rows into a batch up to what is enough; the one before the first becomes the mark.
void fill(exchange::BookBatch& batch, std::vector<BookRow> rows, std::uint64_t first) {
  std::size_t bytes = 0;
  for (BookRow& row : rows) {
    if (row.sequence < first) {
      batch.mark = exchange::Mark{row.sequence, std::move(row.digest)};
      continue;
    }
    bytes += size_of(row);
    if (!batch.rows.empty() && bytes > exchange::kEnoughBytes) break;
    batch.rows.push_back(std::move(row));
  }
}

/// Reads in steps: most batches are full long before the end of what is missing.
Result<void> fill(exchange::Batch& batch, const events::Store& store, std::uint64_t after, std::uint64_t before,
                  std::uint64_t first) {
  Filling filling(batch, first);
  while (after + 1 < before) {
    events::Filter filter;
    filter.after = after;
    filter.before = std::min(before, after + 1 + exchange::kMostRows);
    auto rows = store.list(filter);
    if (!rows) return tl::unexpected(std::move(rows).error());
    for (Stored& row : *rows) {
      if (!filling.add(std::move(row))) return {};
    }
    after = filter.before - 1;
  }
  return {};
}

/// The rows after one sequence and before another; those before `first` are not in it, and the last of them is the
/// mark.
Result<Outgoing> say(const events::Store& store, const std::string& device, const Part& part, std::uint64_t after,
                     std::uint64_t before, std::uint64_t first) {
  Outgoing out;
  if (part.table == Table::events) {
    exchange::Batch batch{{device, part.range.epoch, part.range.first, {}}, {}};
    if (auto filled = fill(batch, store, after, before, first); !filled) return tl::unexpected(filled.error());
    for (const Stored& row : batch.rows) out.sequences.push_back(row.sequence);
    for (const exchange::Merged& one : batch.merged) out.sequences.push_back(one.sequence);
    out.path = "/v1/events";
    out.text = exchange::write_batch(batch);
    return out;
  }
  exchange::BookBatch batch{{device, part.range.epoch, part.range.first, {}}, part.table};
  if (before > after + 1) {
    auto rows = store.book(part.table, after, before);
    if (!rows) return tl::unexpected(std::move(rows).error());
    fill(batch, std::move(*rows), first);
  }
  for (const BookRow& row : batch.rows) out.sequences.push_back(row.sequence);
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
  const std::uint64_t before = part.table == Table::events ? kFullEachHour : 1;
  const std::uint64_t after = range.first - std::min(range.first - part.range.first, before) - 1;
  return say(store, device, part, after, range.last + 1, range.first);
}

}  // namespace fairlead::agent::fleet
