#pragma once
// Rows whose numbers the hub knows as those of others: this laptop was set back to an older state, or is a copy of
// another. They are handed in under an epoch of their own. A small file in the folder `fleet`; blocks, any thread.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "agent/events/store.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::fleet {

/// From the sequence `from` on, what would be handed in as `epoch` is handed in as `instead`.
struct Branch {
  events::Table table = events::Table::events;
  std::uint64_t epoch = 0, from = 0, instead = 0;
  bool operator==(const Branch&) const = default;
};

/// Some rows of a table as they are handed in: `range.epoch` is the hub's name for them.
struct Part {
  events::Table table = events::Table::events;
  events::EpochRange range;
};

/// The epochs of a table, cut where branches begin; in the order of their sequences.
/// branches   in the order in which they were made: a later one may cut what an earlier one made.
[[nodiscard]] std::vector<Part> parts_of(events::Table table, const std::vector<events::EpochRange>& epochs,
                                         const std::vector<Branch>& branches);

/// An epoch that no other laptop has: random, and above all that count up.
[[nodiscard]] std::uint64_t new_epoch();

/// Errors   bad_file, denied.
[[nodiscard]] Result<std::vector<Branch>> read_branches(const std::filesystem::path& state);
[[nodiscard]] Result<void> write_branches(const std::filesystem::path& state, const std::vector<Branch>& branches);

}  // namespace fairlead::agent::fleet
