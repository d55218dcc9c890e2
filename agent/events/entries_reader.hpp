#pragma once
// Reads the book of what was done from an open events.db. Blocking; a connection belongs to one thread at a time.

#include <cstdint>
#include <string_view>
#include <vector>

#include "agent/events/database.hpp"
#include "agent/events/entry.hpp"

namespace fairlead::agent::events {

[[nodiscard]] Result<std::vector<Entry>> read_entries(const Database& database, const EntryFilter& filter);

/// Entries whose time is up by `now`, or whose incident was erased.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_expired_entries(const Database& database, TimePoint now);

/// Entries about this person or an incident of theirs, what they said themselves, and those whose body holds the name.
/// person   not empty
/// Cost     the whole book is looked through.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_entries_about(const Database& database, std::string_view person);

}  // namespace fairlead::agent::events
