#pragma once
// The book of what was done, at the hub. Blocking.

#include <cstdint>
#include <string>
#include <vector>

#include "agent/events/entry.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

[[nodiscard]] Result<std::vector<events::Entry>> read_entries(Connection& connection,
                                                              const events::EntryFilter& filter);
/// Adds a line that was written at the desk; a review moves its incident in the same transaction. Returns its number.
/// sites    whose desk it was written at, as Narrowed has them; empty: the whole organisation's.
/// Errors   not_found, refused, those of Connection
[[nodiscard]] Result<std::uint64_t> add_entry(Connection& connection, events::Entry entry, const std::string& sites);

/// The same inside the caller's transaction.
[[nodiscard]] Result<std::uint64_t> write_entry(Connection& connection, events::Entry entry, const std::string& sites);

/// A name as the JSON of a body writes it where it is a text of its own.
[[nodiscard]] std::string in_body(const std::string& name);

}  // namespace fairlead::agent::hub
