#pragma once
// Reads the chained tables beside the events from an open events.db, row by row. Blocking; a connection belongs to one
// thread at a time.

#include <vector>

#include "agent/events/book.hpp"
#include "agent/events/database.hpp"

namespace fairlead::agent::events {

/// The rows of `reports` or `entries` after one sequence and before another.
[[nodiscard]] Result<std::vector<BookRow>> read_book(const Database& database, Table table, std::uint64_t after,
                                                     std::uint64_t before);

}  // namespace fairlead::agent::events
