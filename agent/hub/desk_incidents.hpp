#pragma once
// Reads incidents and the counts of reports at the hub. Blocking.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/events/incident.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

[[nodiscard]] Result<std::vector<events::Incident>> read_incidents(Connection& connection,
                                                                   const events::IncidentFilter& filter);
[[nodiscard]] Result<std::uint64_t> read_incident_count(Connection& connection, const events::IncidentFilter& filter);
/// Errors   not_found
[[nodiscard]] Result<events::Incident> read_incident(Connection& connection, std::uint64_t number);
[[nodiscard]] Result<events::Totals> read_totals(Connection& connection, Now since, Now until);
[[nodiscard]] Result<events::IncidentSummary> read_summary(Connection& connection, Now since, Now until);
[[nodiscard]] Result<std::vector<events::Member>> read_members(Connection& connection);

/// The number of whoever is shown by this name; nothing where nobody is.
[[nodiscard]] Result<std::optional<std::int64_t>> person_shown(Connection& connection, const std::string& name);

/// Incidents that have a host with this text in it, as a list; nothing where there are very many.
[[nodiscard]] Result<std::optional<std::vector<std::int64_t>>> incidents_of_host(Connection& connection,
                                                                                 const std::string& words);
/// As a parameter of a statement that takes a list.
[[nodiscard]] std::string list_of(const Connection& connection, const std::vector<std::int64_t>& numbers);

}  // namespace fairlead::agent::hub
