#pragma once
// Every SQL statement about who is signed in, as SQLite and PostgreSQL read them. Times are milliseconds since 1970.

#include <string_view>

namespace fairlead::agent::console::sql {

namespace sqlite {
inline constexpr std::string_view kHasSessions = "SELECT count(*) FROM sqlite_schema WHERE name = 'sessions'";
inline constexpr std::string_view kSessions = R"(
CREATE TABLE IF NOT EXISTS sessions (
  digest BLOB PRIMARY KEY, account TEXT NOT NULL, generation INTEGER NOT NULL, person TEXT NOT NULL,
  began INTEGER NOT NULL, used INTEGER NOT NULL, looked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";
}  // namespace sqlite

namespace postgres {
inline constexpr std::string_view kHasSessions =
    "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('sessions')";
inline constexpr std::string_view kLockSessions = "SELECT pg_advisory_xact_lock(7019876)";
inline constexpr std::string_view kSessions = R"(
CREATE TABLE IF NOT EXISTS sessions (
  digest BYTEA PRIMARY KEY, account TEXT NOT NULL, generation BIGINT NOT NULL, person TEXT NOT NULL,
  began BIGINT NOT NULL, used BIGINT NOT NULL, looked BIGINT NOT NULL
);
)";
}  // namespace postgres

inline constexpr std::string_view kBeginSession =
    "INSERT INTO sessions (digest, account, generation, person, began, used, looked) VALUES ($1, $2, $3, $4, $5, $5,"
    " $6) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kSession =
    "SELECT account, generation, person, began, used, looked FROM sessions WHERE digest = $1";
inline constexpr std::string_view kUseSession = "UPDATE sessions SET used = $1 WHERE used < $1 AND digest = $2";
inline constexpr std::string_view kEndSession = "DELETE FROM sessions WHERE digest = $1";
/// those that were used last before, began last before
inline constexpr std::string_view kEndOldSessions = "DELETE FROM sessions WHERE used <= $1 OR began <= $2";
/// All but so many, those that were used last.
inline constexpr std::string_view kEndIdlestSessions =
    "DELETE FROM sessions WHERE digest IN (SELECT digest FROM sessions ORDER BY used DESC LIMIT 1000000 OFFSET $1)";

}  // namespace fairlead::agent::console::sql
