#pragma once
// The SQL of the exceptions that the desk made, for both databases (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::string_view kAddException =
    "INSERT INTO exceptions (id, about, body, sites, made, ends, closed, closed_by) VALUES ($1, $2, $3, $4, $5, $6, 0, "
    "'')";
/// One for the same address and groups, made for the same sites, gives its place.
inline constexpr std::string_view kReplaceException =
    "UPDATE exceptions SET closed = $1, closed_by = $2 WHERE about = $3 AND sites = $4 AND closed = 0";
inline constexpr std::string_view kCloseException = "UPDATE exceptions SET closed = $1, closed_by = $2 WHERE id = $3";
/// In the order in which they were made; at this time.
inline constexpr std::string_view kStanding =
    "SELECT id, about, body, sites, made, closed, closed_by FROM exceptions WHERE closed = 0 AND ends > $1 ORDER BY "
    "made, id";
/// The latest first: at this time, how many at most.
inline constexpr std::string_view kOver =
    "SELECT id, about, body, sites, made, CASE WHEN closed = 0 THEN ends ELSE closed END, closed_by FROM exceptions"
    " WHERE closed <> 0 OR ends <= $1 ORDER BY 6 DESC, id LIMIT $2";
inline constexpr std::string_view kSiteNames = "SELECT number, name FROM sites ORDER BY name";
inline constexpr std::string_view kUnheard =
    "SELECT exception, count(*) FROM notices WHERE exception <> '' GROUP BY exception";
/// What hangs of it still need not be heard.
inline constexpr std::string_view kTakeDownException = "DELETE FROM notices WHERE exception = $1";
inline constexpr std::string_view kLaptopsOfGroup =
    "SELECT number, site FROM devices WHERE group_id = $1 AND revoked = 0 ORDER BY number";
inline constexpr std::string_view kWhereLaptopIs = "SELECT number, group_id, site FROM devices WHERE id = $1";

namespace postgres {
// Whoever makes or closes one waits for laptops that are joining or moving, and they for it: neither misses the other.
inline constexpr std::string_view kLockExceptions = "SELECT pg_advisory_xact_lock(7019877)";
inline constexpr std::string_view kReadExceptions = "SELECT pg_advisory_xact_lock_shared(7019877)";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
