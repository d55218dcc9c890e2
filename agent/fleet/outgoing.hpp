#pragma once
// What is said to the hub of a chained table, from the laptop's own store. Blocks for the store; one thread at a time.

#include <cstdint>
#include <string>
#include <vector>

#include "agent/exchange/batch.hpp"
#include "agent/fleet/branches.hpp"

namespace fairlead::agent::fleet {

struct Outgoing {
  std::string path, text;                // the endpoint, and the JSON that it takes
  std::vector<std::uint64_t> sequences;  // of what it hands in; none: it only asks what the hub has
};

/// No rows, but one that is here, for the hub to compare.
/// about    its sequence
[[nodiscard]] Result<Outgoing> ask_about(const events::Store& store, const std::string& device, const Part& part,
                                         std::uint64_t about);

/// Rows from the first of the range on, as many as one message should hold, with the row before them as its mark. An
/// empty range {0, 0} only asks. Of events that were recorded when their clock hour had many already, those that are
/// alike are merged into the first of them; never one that a learner said something about, nor an erased one.
[[nodiscard]] Result<Outgoing> rows_of(const events::Store& store, const std::string& device, const Part& part,
                                       const exchange::Range& range);

}  // namespace fairlead::agent::fleet
