#pragma once
// Reads incidents, and what reports say of them and of events, from an open events.db. Blocking; a connection belongs
// to one thread at a time.

#include <cstdint>
#include <string_view>
#include <vector>

#include "agent/events/database.hpp"
#include "agent/events/incident.hpp"

namespace fairlead::agent::events {

/// device  the id that goes into every incident's key.
[[nodiscard]] Result<std::vector<Incident>> read_incidents(const Database& database, std::string_view device,
                                                           const IncidentFilter& filter);
[[nodiscard]] Result<std::uint64_t> read_incident_count(const Database& database, const IncidentFilter& filter);
/// Errors  not_found
[[nodiscard]] Result<Incident> read_incident(const Database& database, std::string_view device, std::uint64_t number);

[[nodiscard]] Result<Totals> read_totals(const Database& database, TimePoint since, TimePoint until);
[[nodiscard]] Result<IncidentSummary> read_summary(const Database& database, TimePoint since, TimePoint until);
[[nodiscard]] Result<std::vector<Member>> read_members(const Database& database);

}  // namespace fairlead::agent::events
