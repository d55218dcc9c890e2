#pragma once
// What a laptop hands to its organisation's hub at a time: events of one epoch, as its store keeps them. Pure; both
// sides read and write it through here, so that they cannot disagree. agent/hub/README.md describes it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/store.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::exchange {

inline constexpr std::size_t kMostRows = 500;
/// Events of one batch, with those that are merged into its rows.
inline constexpr std::size_t kMostCovered = 2'000;
/// Of the text, before it is compressed. An event alone may be longer than a batch of the sender's (kEnoughBytes),
/// never than this.
inline constexpr std::size_t kEnoughBytes = std::size_t{256} * 1024, kMostBytes = std::size_t{1024} * 1024;

/// A row by what names it in the chain.
struct Mark {
  std::uint64_t sequence = 0;
  std::string digest;  // 32 bytes
  std::string id{};    // of an event; empty: it is none
};

template <class Row>
struct BatchOf {
  std::string device;
  std::uint64_t epoch = 0;
  std::uint64_t first = 0;  // the lowest sequence of this epoch
  std::vector<Row> rows;    // by sequence, ascending; none only asks what is missing
  /// A row that the laptop has, for the hub to compare if it has that one too: the row before the first, or the last
  /// one there is when nothing is sent. Each row builds on all before it, so whoever agrees on one agrees on those.
  std::optional<Mark> mark = std::nullopt;
  [[nodiscard]] std::size_t covered() const { return rows.size(); }
};

/// An event that stays on the laptop, because a row before it is like it in everything that is counted, and of the same
/// clock hour: that one stands for it.
struct Merged {
  std::uint64_t sequence = 0;
  events::TimePoint time{};
  std::string id;
  std::size_t row = 0;  // the one that stands for it, of the batch's
};
/// Of UTC.
[[nodiscard]] std::chrono::sys_time<std::chrono::hours> hour_of(events::TimePoint time);

struct Batch : BatchOf<events::Stored> {
  std::vector<Merged> merged;  // by sequence, ascending
  [[nodiscard]] std::size_t covered() const { return rows.size() + merged.size(); }
  /// Not of an empty one.
  [[nodiscard]] std::uint64_t last() const;
};

/// JSON. Device and epoch of the rows are those of the batch; what hangs on rows (reports, incidents) is not in it.
[[nodiscard]] std::string write_batch(const Batch& batch);

/// Takes nothing for granted: every field there and of its kind, sequences ascending from `first` on, texts UTF-8
/// without NUL and no longer than a store keeps them; each event named once, and what is merged of the hour of its row.
/// Errors   bad_message (the context names the row and the field, never a value), too_large.
[[nodiscard]] Result<Batch> read_batch(std::string_view json);

/// Sequences from the first to the last, both included.
struct Range {
  std::uint64_t first = 0, last = 0;
  bool operator==(const Range&) const = default;
};

/// What the hub has of an epoch, on disk, when it answers.
struct Receipt {
  std::uint64_t high = 0;          // the highest sequence; 0: none
  std::vector<Range> missing;      // below it; the lowest ones where there are very many
  std::uint64_t differs_from = 0;  // nothing was taken: from here on it has other events of the same numbers; 0: none
  std::uint64_t fresh = 0;         // rows of this batch that were not there; the hub's own, not told
};
inline constexpr std::size_t kMostRanges = 64;

[[nodiscard]] std::string write_receipt(const Receipt& receipt);
/// Errors   bad_message
[[nodiscard]] Result<Receipt> read_receipt(std::string_view json);

/// The same receipt as if these sequences had been taken: a hub that will not have an event is not asked again and
/// again.
[[nodiscard]] Receipt without(const Receipt& receipt, const std::set<std::uint64_t>& parked);

/// What to send next: the lowest range that is missing, of at most `most` rows, within what there is.
/// Returns  an empty range {0, 0} when the hub has all.
[[nodiscard]] Range next_range(const Receipt& receipt, const events::EpochRange& there, std::size_t most);

}  // namespace fairlead::agent::exchange
