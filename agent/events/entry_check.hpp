#pragma once
// What an entry of the book has to be, whoever keeps the book. Pure.

#include <string_view>

#include "agent/events/entry.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::events {

/// Errors   refused: no kind, too long, or personal and without an end.
[[nodiscard]] Result<void> check_entry(const Entry& entry);

/// The state that a review puts its incident into; empty for every other kind.
/// Errors   refused: no incident, or no such state.
[[nodiscard]] Result<std::string_view> reviewed_state(const Entry& entry);

/// Whether an entry of this kind about an incident shows as a change of it.
[[nodiscard]] bool changes_incident(std::string_view kind);

}  // namespace fairlead::agent::events
