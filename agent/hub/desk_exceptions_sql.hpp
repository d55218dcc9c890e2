#pragma once
// The SQL of the exceptions that the desk made, for both databases (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::string_view kAddException =
    "INSERT INTO exceptions (id, about, groups, body, sites, made, ends, closed, closed_by, next) VALUES ($1, $2, $3, "
    "$4,"
    " $5, $6, $7, 0, '', '')";
/// By one for the same address and groups, made for the same sites: when, by whom, its id.
inline constexpr std::string_view kReplaceException =
    "UPDATE exceptions SET closed = $1, closed_by = $2, next = $3 WHERE about = $4 AND sites = $5 AND closed = 0 AND"
    " ends > $1";
inline constexpr std::string_view kCloseException =
    "UPDATE exceptions SET closed = $1, closed_by = $2 WHERE id = $3 AND closed = 0 AND ends > $1 RETURNING id";
/// In the order in which they were made; at this time.
inline constexpr std::string_view kStanding =
    "SELECT id, about, groups, body, sites, made, closed, closed_by, next FROM exceptions WHERE closed = 0 AND ends > "
    "$1"
    " ORDER BY made, id";
/// The latest first: at this time, how many at most.
inline constexpr std::string_view kOver =
    "SELECT id, about, groups, body, sites, made, CASE WHEN closed = 0 THEN ends ELSE closed END, closed_by, next FROM"
    " exceptions WHERE closed <> 0 OR ends <= $1 ORDER BY 7 DESC, id LIMIT $2";
inline constexpr std::string_view kSiteNames = "SELECT number, name FROM sites ORDER BY name";
/// Which sets laptops have.
inline constexpr std::string_view kSetsOfLaptops =
    "SELECT group_id, site, exceptions, count(*) FROM devices WHERE revoked = 0 GROUP BY group_id, site, exceptions";

}  // namespace fairlead::agent::hub::sql
