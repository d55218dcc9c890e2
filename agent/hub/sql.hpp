#pragma once
// The SQL statements of the hub about itself, its devices and its audit (taking_sql.hpp and desk_sql.hpp have the
// others). Both databases read them, but for what stands under `sqlite` and `postgres`. Values travel as parameters
// only, and $1, $2 … appear in their order.

#include <string_view>

namespace fairlead::agent::hub::sql {

namespace sqlite {
inline constexpr std::string_view kHasTables = "SELECT count(*) FROM sqlite_schema WHERE name = 'hub'";
}  // namespace sqlite

namespace postgres {
inline constexpr std::string_view kHasTables =
    "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('hub')";
/// Several hubs that start at once make the tables once.
inline constexpr std::string_view kLockTables = "SELECT pg_advisory_xact_lock(7019871)";
/// Nobody takes events meanwhile: whoever does has read a laptop's site and writes it down with its incidents.
inline constexpr std::string_view kLockSites = "LOCK TABLE streams IN EXCLUSIVE MODE";
}  // namespace postgres

inline constexpr std::string_view kSetAccounts =
    "UPDATE hub SET accounts = $1 WHERE accounts = $2 OR NOT EXISTS (SELECT 1 FROM people) RETURNING one";
inline constexpr std::string_view kVersion = "SELECT version FROM hub";
inline constexpr std::string_view kAccounts = "SELECT accounts FROM hub";

// Enrolment.
inline constexpr std::string_view kAddCode =
    "INSERT INTO codes (digest, group_id, left_over, expires, made, site) VALUES ($1, $2, $3, $4, $5, $6)";
inline constexpr std::string_view kCode =
    "SELECT c.group_id, c.expires, c.site, s.name FROM codes c LEFT JOIN sites s ON s.number = c.site WHERE"
    " c.digest = $1";
inline constexpr std::string_view kUseCode =
    "UPDATE codes SET left_over = left_over - 1 WHERE digest = $1 AND left_over > 0 RETURNING left_over";
inline constexpr std::string_view kRedeem =
    "INSERT INTO redeemed (code, device, time) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING time";
inline constexpr std::string_view kDevice =
    "SELECT d.number, d.id, d.group_id, d.name, d.enrolled, d.seen, d.revoked, d.health, s.name FROM devices d"
    " LEFT JOIN sites s ON s.number = d.site WHERE d.id = $1";
inline constexpr std::string_view kDevices =
    "SELECT d.number, d.id, d.group_id, d.name, d.enrolled, d.seen, d.revoked, d.health, s.name FROM devices d"
    " LEFT JOIN sites s ON s.number = d.site ORDER BY d.number";
/// A device that comes back keeps its number, and its site until it is moved; one that was revoked stays so.
inline constexpr std::string_view kAddDevice =
    "INSERT INTO devices (id, group_id, name, enrolled, seen, revoked, health, site, exceptions)"
    " VALUES ($1, $2, $3, $4, $5, 0, '', $6, '')"
    " ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, name = excluded.name, enrolled = excluded.enrolled";
inline constexpr std::string_view kRevoke = "UPDATE devices SET revoked = $1 WHERE id = $2 RETURNING number";

// Sites.
inline constexpr std::string_view kAddSite = "INSERT INTO sites (name) VALUES ($1) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kSite = "SELECT number FROM sites WHERE name = $1";
inline constexpr std::string_view kSites = "SELECT name FROM sites ORDER BY name";
inline constexpr std::string_view kMoveDevice = "UPDATE devices SET site = $1 WHERE id = $2 RETURNING number";
inline constexpr std::string_view kMoveIncidents = "UPDATE incidents SET site = $1 WHERE device = $2 AND site <> $1";

inline constexpr std::string_view kHealth =
    "UPDATE devices SET seen = $1, health = $2, exceptions = $3 WHERE id = $4 RETURNING group_id, site";
inline constexpr std::string_view kNote =
    "INSERT INTO audit (time, device, address, what, detail) VALUES ($1, $2, $3, $4, $5)";
inline constexpr std::string_view kNotes =
    "SELECT time, device, address, what, detail FROM audit ORDER BY number DESC LIMIT $1";

inline constexpr std::string_view kCountEvents = "SELECT count(*) FROM events";

}  // namespace fairlead::agent::hub::sql
