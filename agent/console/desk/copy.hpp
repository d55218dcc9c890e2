#pragma once
// The copy of what is recorded about one person, which they may ask for: everything about them, nothing about anybody
// else. Blocks for the store.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/console/visit.hpp"
#include "agent/events/entry.hpp"
#include "agent/events/incident.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::console::desk {

struct PersonCopy {
  std::string person;
  std::vector<events::Incident> incidents;
  std::vector<events::Stored> events;  // the oldest first
  std::vector<events::Entry> entries;  // about them, who made them left out
};

[[nodiscard]] Result<PersonCopy> read_copy(const Visit& visit, const std::string& person);
[[nodiscard]] pages::Html copy_as_page(const Visit& visit, const PersonCopy& copy);
/// An object with "about", "incidents", "events" and "entries".
[[nodiscard]] std::string copy_as_json(const Visit& visit, const PersonCopy& copy);

/// What an entry about them says was done, spoken to them: of the kinds that a copy has.
[[nodiscard]] std::string_view entry_words(std::string_view kind);

/// What is kept of an erasure on request.
[[nodiscard]] std::string erasure_body(std::uint64_t entries, std::string_view reason);

}  // namespace fairlead::agent::console::desk
