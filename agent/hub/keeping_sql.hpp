#pragma once
// The SQL statements that let go of what is past its time (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

/// Days for which events are kept: observed, low, medium, high, critical.
inline constexpr std::string_view kKeptFor = "SELECT observed, low, medium, high, critical FROM hub";
inline constexpr std::string_view kKeepFor =
    "UPDATE hub SET observed = $1, low = $2, medium = $3, high = $4, critical = $5";
inline constexpr std::string_view kClock = "SELECT believed, doubted FROM hub";
inline constexpr std::string_view kSetClock = "UPDATE hub SET believed = $1, doubted = $2";

// Parts.
inline constexpr std::string_view kPartsBefore = "SELECT day FROM parts WHERE kept = $1 AND day < $2 ORDER BY day";
inline constexpr std::string_view kDropReports =
    "DELETE FROM reports WHERE EXISTS (SELECT 1 FROM events e WHERE e.kept = $1 AND e.day = $2 AND e.id = reports.event"
    " AND e.device = reports.device)";
inline constexpr std::string_view kDropSpans = "DELETE FROM spans WHERE kept = $1 AND day = $2";
inline constexpr std::string_view kDropPart = "DELETE FROM parts WHERE kept = $1 AND day = $2";

// What stands beside them. The first days that are kept: observed, low, medium, high, critical.
inline constexpr std::string_view kForgetIncidents =
    "UPDATE incidents SET person = NULL, visit_host = 0 WHERE person IS NOT NULL AND observed < $1 AND low < $2"
    " AND medium < $3 AND high < $4 AND critical < $5";
inline constexpr std::string_view kDropIncidents = "DELETE FROM incidents WHERE person IS NULL AND last < $1";
inline constexpr std::string_view kDropHostsOfIncidents =
    "DELETE FROM incident_hosts WHERE NOT EXISTS (SELECT 1 FROM incidents i WHERE i.number = incident_hosts.incident"
    " AND i.person IS NOT NULL)";
/// day
inline constexpr std::string_view kDropHosts =
    "DELETE FROM hosts WHERE day < $1 AND NOT EXISTS (SELECT 1 FROM incident_hosts x WHERE x.host = hosts.number)";
/// Words on an event that never came.
inline constexpr std::string_view kDropOldReports =
    "DELETE FROM reports WHERE time < $1 AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = reports.event AND"
    " e.device = reports.device)";
inline constexpr std::string_view kDropEntries =
    "DELETE FROM entries WHERE (keep <> 0 AND keep < $1) OR (keep = 0 AND incident <> 0 AND NOT EXISTS (SELECT 1 FROM"
    " incidents i WHERE i.number = entries.incident AND i.person IS NOT NULL))";
inline constexpr std::string_view kDropPeople =
    "DELETE FROM people WHERE observed < $1 AND low < $2 AND medium < $3 AND high < $4 AND critical < $5"
    " AND NOT EXISTS (SELECT 1 FROM incidents i WHERE i.person = people.number)"
    " AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.person = people.number)"
    " AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.person = people.number)";
inline constexpr std::string_view kDropTotals = "DELETE FROM totals WHERE day < $1";
inline constexpr std::string_view kDropNotes = "DELETE FROM audit WHERE time < $1";
inline constexpr std::string_view kDropExceptions = "DELETE FROM exceptions WHERE ends < $1";
inline constexpr std::string_view kDropErasures = "DELETE FROM erasures WHERE confirmed <> 0 AND confirmed < $1";

// Files. What was erased stands in them until they are written anew: a number counts the erasures since.
inline constexpr std::string_view kToRewrite = "SELECT rewrite FROM hub WHERE rewrite <> 0";
inline constexpr std::string_view kPartsToRewrite =
    "SELECT kept, day, rewrite FROM parts WHERE rewrite <> 0 ORDER BY day, kept";
inline constexpr std::string_view kRewritten = "UPDATE hub SET rewrite = 0 WHERE rewrite = $1";
inline constexpr std::string_view kPartRewritten =
    "UPDATE parts SET rewrite = 0 WHERE kept = $1 AND day = $2 AND rewrite = $3";
inline constexpr std::string_view kRewrite = "UPDATE hub SET rewrite = rewrite + 1";

namespace sqlite {
inline constexpr std::string_view kDropEvents = "DELETE FROM events WHERE kept = $1 AND day = $2";
inline constexpr std::string_view kWriteAnew = "VACUUM";
inline constexpr std::string_view kEmptyLog = "PRAGMA wal_checkpoint(TRUNCATE)";
inline constexpr std::string_view kAllPartsRewritten = "UPDATE parts SET rewrite = 0";
}  // namespace sqlite

namespace postgres {
/// By the database's own clock, in milliseconds since 1970.
inline constexpr std::string_view kNow = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
/// Whoever is in the way of a table is not waited for without end.
inline constexpr std::string_view kWaitLittle = "SET lock_timeout = '5s'; SET statement_timeout = '15min'";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
