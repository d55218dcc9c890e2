#pragma once
// The SQL of the notice board, for both databases (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::string_view kAddNotice = "INSERT INTO notices (id, device, made, body) VALUES ($1, $2, $3, $4)";
inline constexpr std::string_view kNoticesFor = "SELECT body FROM notices WHERE device = $1 ORDER BY made, id LIMIT $2";
inline constexpr std::string_view kTakeDown = "DELETE FROM notices WHERE device = $1 AND id = $2";
inline constexpr std::string_view kLaptopOfEvent =
    "SELECT e.device FROM events e JOIN devices d ON d.number = e.device WHERE e.id = $1 AND d.revoked = 0"
    " ORDER BY e.moment DESC LIMIT 1";
/// as_merged()
inline constexpr std::string_view kLaptopOfMerged =
    "SELECT e.device FROM events e JOIN devices d ON d.number = e.device WHERE e.merged > 0 AND"
    " instr(e.merged_ids, $1) > 0 AND d.revoked = 0 ORDER BY e.moment DESC LIMIT 1";
/// An incident, a rule (null: any), how many of each laptop, the latest: device, id.
inline constexpr std::string_view kEventsToName =
    "SELECT device, id FROM (SELECT e.device, e.id, row_number() OVER (PARTITION BY e.device ORDER BY e.moment DESC) AS"
    " place FROM events e JOIN devices d ON d.number = e.device WHERE e.incident = $1 AND (CAST($2 AS TEXT) IS NULL OR"
    " e.rule = $2) AND e.person = (SELECT person FROM incidents WHERE number = $1) AND d.revoked = 0) AS placed"
    " WHERE place <= $3 ORDER BY device, place";
inline constexpr std::string_view kBodyOfTask =
    "SELECT body FROM entries WHERE kind = 'task' AND subject = $1 AND incident = $2 ORDER BY number DESC LIMIT 1";

}  // namespace fairlead::agent::hub::sql
