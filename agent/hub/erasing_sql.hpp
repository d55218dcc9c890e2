#pragma once
// The SQL statements that erase whoever asked for it (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::string_view kPersonToErase = "SELECT number, device, name FROM people WHERE shown = $1";
/// Of laptops that may hold something about somebody: that very one, or all where it is 0.
inline constexpr std::string_view kLaptopsToTell =
    "SELECT number FROM devices WHERE revoked = 0 AND (CAST($1 AS BIGINT) = 0 OR number = $1) ORDER BY number";

// Who is written about: the person's number.
inline constexpr std::string_view kPartsOfPerson =
    "SELECT kept, day, count(*) FROM events WHERE person = $1 GROUP BY kept, day ORDER BY day, kept";
inline constexpr std::string_view kIdsOfPerson = "SELECT id, merged_ids FROM events WHERE person = $1";
inline constexpr std::string_view kMarkPart = "UPDATE parts SET rewrite = rewrite + 1 WHERE kept = $1 AND day = $2";
inline constexpr std::string_view kEraseEvents =
    "UPDATE events SET erased = $1, person = 0, url = '', host = '', words = '', span = '', losers = ''"
    " WHERE person = $2 AND kept = $3 AND day = $4";
inline constexpr std::string_view kEraseReports =
    "UPDATE reports SET erased = $1, person = 0, words = '' WHERE person = $2 RETURNING sequence";
inline constexpr std::string_view kHostsOfPerson =
    "SELECT DISTINCT x.host FROM incident_hosts x JOIN incidents i ON i.number = x.incident WHERE i.person = $1";
/// time; person; the laptop that their name is an account of (0: every one), that name; the name that is shown; both
/// names as a body writes them.
inline constexpr std::string_view kEraseEntries =
    "UPDATE entries SET erased = $1, actor = '', person = 0, body = '' WHERE erased = 0 AND (person = $2"
    " OR incident IN (SELECT number FROM incidents WHERE person = $2)"
    " OR (device <> 0 AND (CAST($3 AS BIGINT) = 0 OR device = $3) AND ((actor = $4 AND person = 0) OR"
    " instr(body, CAST($5 AS TEXT)) > 0)) OR (device = 0 AND instr(body, CAST($6 AS TEXT)) > 0)) RETURNING number";
inline constexpr std::string_view kDropHostsOfPerson =
    "DELETE FROM incident_hosts WHERE incident IN (SELECT number FROM incidents WHERE person = $1)";
inline constexpr std::string_view kForgetIncidentsOfPerson =
    "UPDATE incidents SET person = NULL, visit_host = 0 WHERE person = $1";
inline constexpr std::string_view kDropPerson = "DELETE FROM people WHERE number = $1";
inline constexpr std::string_view kDropHost =
    "DELETE FROM hosts WHERE number = $1 AND NOT EXISTS (SELECT 1 FROM incident_hosts x WHERE x.host = $1)";
inline constexpr std::string_view kNoticesOfLaptop = "SELECT id, body FROM notices WHERE device = $1";

// What laptops have to do, and have done.
inline constexpr std::string_view kAddErasure =
    "INSERT INTO erasures (device, notice, entry, salt, digest, asked, confirmed) VALUES ($1, $2, $3, $4, $5, $6, 0)";
inline constexpr std::string_view kErasuresOf = "SELECT salt, digest FROM erasures WHERE device = $1 AND confirmed = 0";
inline constexpr std::string_view kConfirmErasure =
    "UPDATE erasures SET confirmed = $1 WHERE device = $2 AND notice = $3 AND confirmed = 0";
inline constexpr std::string_view kDropErasuresOf = "DELETE FROM erasures WHERE device = $1";
inline constexpr std::string_view kDropNoticesOf = "DELETE FROM notices WHERE device = $1";
/// The latest first: when it was asked for, of how many laptops, and how many have done it; how many at most.
inline constexpr std::string_view kErasures =
    "SELECT min(asked), count(*), CAST(sum(CASE WHEN confirmed <> 0 THEN 1 ELSE 0 END) AS BIGINT) FROM erasures"
    " GROUP BY entry ORDER BY 1 DESC LIMIT $1";

namespace postgres {
inline constexpr std::string_view kTakeTime = "SET LOCAL statement_timeout = '10min'";
// Nobody takes anything from these laptops meanwhile: each batch locks its stream, a stream that begins its device.
inline constexpr std::string_view kLockLaptops =
    "SELECT number FROM devices WHERE CAST($1 AS BIGINT) = 0 OR number = $1 ORDER BY number FOR UPDATE";
inline constexpr std::string_view kLockStreams =
    "SELECT epoch FROM streams WHERE CAST($1 AS BIGINT) = 0 OR device = $1 ORDER BY device, epoch FOR UPDATE";
inline constexpr std::string_view kLockBooks =
    "SELECT epoch FROM book_streams WHERE CAST($1 AS BIGINT) = 0 OR device = $1 ORDER BY device, epoch, part FOR "
    "UPDATE";
/// A batch names hosts by number before it writes who visited them.
inline constexpr std::string_view kLockHosts = "LOCK TABLE hosts IN ACCESS EXCLUSIVE MODE";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
