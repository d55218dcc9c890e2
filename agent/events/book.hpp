#pragma once
// Learners' words and entries as rows of the store's chained tables, for whoever hands them on. Plain data.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "agent/events/records.hpp"

namespace fairlead::agent::events {

/// The chained tables; each counts its own sequences.
enum class Table : std::uint8_t { events, reports, entries };
/// "events", "reports", "entries"
[[nodiscard]] std::string_view to_string(Table table);

struct BookRow {
  std::uint64_t epoch = 0, sequence = 0;
  std::string digest;   // in its chain, 32 bytes
  bool erased = false;  // personal fields are gone
  /// The id of the event it is about; of an entry, the latest of its incident: the number of an incident means nothing
  /// to others. Empty: about none.
  std::string event;
  std::variant<Report, Entry> what;  // without event_id, sequence and incident
};

}  // namespace fairlead::agent::events
