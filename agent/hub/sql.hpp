#pragma once
// Every SQL statement of the hub. Both databases read them, but for what stands under `sqlite` and `postgres`. Values
// travel as parameters only, and $1, $2 … appear in their order. README.md tells what the columns mean.

#include <string_view>

namespace fairlead::agent::hub::sql {

namespace sqlite {
inline constexpr std::string_view kBegin = "BEGIN IMMEDIATE";
inline constexpr std::string_view kHasTables = "SELECT count(*) FROM sqlite_schema WHERE name = 'hub'";
inline constexpr std::string_view kLockStream = "SELECT through, high FROM streams WHERE device = $1 AND epoch = $2";
inline constexpr std::string_view kTables = R"(
CREATE TABLE hub (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO hub (one, version) VALUES (1, 1);
CREATE TABLE devices (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, group_id TEXT NOT NULL, name TEXT NOT NULL, enrolled INTEGER NOT NULL,
  seen INTEGER NOT NULL, revoked INTEGER NOT NULL, health TEXT NOT NULL
) STRICT;
CREATE TABLE codes (
  digest BLOB PRIMARY KEY, group_id TEXT NOT NULL, left_over INTEGER NOT NULL, expires INTEGER NOT NULL, made INTEGER NOT NULL
) STRICT;
CREATE TABLE redeemed (code BLOB NOT NULL, device TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (code, device)) STRICT;
CREATE TABLE streams (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, through INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (device, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, day INTEGER NOT NULL, time INTEGER NOT NULL,
  taken INTEGER NOT NULL, digest BLOB NOT NULL, erased INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, found TEXT NOT NULL,
  group_id TEXT NOT NULL, method TEXT NOT NULL, navigation TEXT NOT NULL, navigation_sign TEXT NOT NULL, category TEXT NOT NULL,
  risk TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL,
  level TEXT NOT NULL, ruleset TEXT NOT NULL, policy TEXT NOT NULL, person TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL,
  words TEXT NOT NULL, span TEXT NOT NULL, losers TEXT NOT NULL, PRIMARY KEY (device, epoch, sequence, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY, time INTEGER NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL, what TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
)";
inline constexpr std::string_view kAddEvent =
    "INSERT INTO events (device, epoch, sequence, day, time, taken, digest, erased, id, kind, found, group_id, method, "
    "navigation,"
    " navigation_sign, category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, "
    "words, span, losers)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, "
    "$23, $24, $25, $26,"
    " $27, $28, $29, $30)";
}  // namespace sqlite

namespace postgres {
inline constexpr std::string_view kBegin = "BEGIN";
inline constexpr std::string_view kHasTables =
    "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('hub')";
/// Several hubs that start at once make the tables once.
inline constexpr std::string_view kLockTables = "SELECT pg_advisory_xact_lock(7019871)";
inline constexpr std::string_view kLockStream =
    "SELECT through, high FROM streams WHERE device = $1 AND epoch = $2 FOR UPDATE";
inline constexpr std::string_view kTables = R"(
CREATE TABLE hub (one BIGINT PRIMARY KEY CHECK (one = 1), version BIGINT NOT NULL);
INSERT INTO hub (one, version) VALUES (1, 1);
CREATE TABLE devices (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE, group_id TEXT NOT NULL, name TEXT NOT NULL,
  enrolled BIGINT NOT NULL, seen BIGINT NOT NULL, revoked BIGINT NOT NULL, health TEXT NOT NULL
);
CREATE TABLE codes (
  digest BYTEA PRIMARY KEY, group_id TEXT NOT NULL, left_over BIGINT NOT NULL, expires BIGINT NOT NULL, made BIGINT NOT NULL
);
CREATE TABLE redeemed (code BYTEA NOT NULL, device TEXT NOT NULL, time BIGINT NOT NULL, PRIMARY KEY (code, device));
CREATE TABLE streams (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, through BIGINT NOT NULL, high BIGINT NOT NULL, PRIMARY KEY (device, epoch)
) WITH (fillfactor = 50);
CREATE TABLE events (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL, day BIGINT NOT NULL, time BIGINT NOT NULL,
  taken BIGINT NOT NULL, digest BYTEA NOT NULL, erased BIGINT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, found TEXT NOT NULL,
  group_id TEXT NOT NULL, method TEXT NOT NULL, navigation TEXT NOT NULL, navigation_sign TEXT NOT NULL, category TEXT NOT NULL,
  risk TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL,
  level TEXT NOT NULL, ruleset TEXT NOT NULL, policy TEXT NOT NULL, person TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL,
  words TEXT NOT NULL, span TEXT NOT NULL, losers TEXT NOT NULL, PRIMARY KEY (device, epoch, sequence, day)
);
CREATE TABLE audit (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, time BIGINT NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL,
  what TEXT NOT NULL, detail TEXT NOT NULL
);
)";
/// Its columns are those of sqlite::kAddEvent, in that order.
inline constexpr std::string_view kAddEvents =
    "COPY events (device, epoch, sequence, day, time, taken, digest, erased, id, kind, found, group_id, method, "
    "navigation,"
    " navigation_sign, category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, "
    "words, span,"
    " losers) FROM STDIN";
}  // namespace postgres

inline constexpr std::string_view kCommit = "COMMIT", kRollback = "ROLLBACK";
inline constexpr std::string_view kVersion = "SELECT version FROM hub";

// Enrolment.
inline constexpr std::string_view kAddCode =
    "INSERT INTO codes (digest, group_id, left_over, expires, made) VALUES ($1, $2, $3, $4, $5)";
inline constexpr std::string_view kCode = "SELECT group_id, expires FROM codes WHERE digest = $1";
inline constexpr std::string_view kUseCode =
    "UPDATE codes SET left_over = left_over - 1 WHERE digest = $1 AND left_over > 0 RETURNING left_over";
inline constexpr std::string_view kRedeem =
    "INSERT INTO redeemed (code, device, time) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING time";
inline constexpr std::string_view kDevice =
    "SELECT number, id, group_id, name, enrolled, seen, revoked, health FROM devices WHERE id = $1";
inline constexpr std::string_view kDevices =
    "SELECT number, id, group_id, name, enrolled, seen, revoked, health FROM devices ORDER BY number";
/// A device that comes back keeps its number; one that was revoked stays so.
inline constexpr std::string_view kAddDevice =
    "INSERT INTO devices (id, group_id, name, enrolled, seen, revoked, health) VALUES ($1, $2, $3, $4, $5, 0, '')"
    " ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, name = excluded.name, enrolled = excluded.enrolled";
inline constexpr std::string_view kRevoke = "UPDATE devices SET revoked = $1 WHERE id = $2 RETURNING number";
inline constexpr std::string_view kHealth = "UPDATE devices SET seen = $1, health = $2 WHERE id = $3";
inline constexpr std::string_view kNote =
    "INSERT INTO audit (time, device, address, what, detail) VALUES ($1, $2, $3, $4, $5)";
inline constexpr std::string_view kNotes =
    "SELECT time, device, address, what, detail FROM audit ORDER BY number DESC LIMIT $1";

// Events.
inline constexpr std::string_view kBeginStream =
    "INSERT INTO streams (device, epoch, through, high) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kMoveStream =
    "UPDATE streams SET through = $1, high = $2 WHERE device = $3 AND epoch = $4";
/// device, epoch, from, to
inline constexpr std::string_view kDigests =
    "SELECT sequence, digest FROM events WHERE device = $1 AND epoch = $2 AND sequence >= $3 AND sequence <= $4"
    " ORDER BY sequence";
/// What is missing above `through`: device, epoch, through, through, device, epoch, through, how many ranges.
inline constexpr std::string_view kGaps =
    "SELECT sequence + 1, following - 1 FROM (SELECT sequence, lead(sequence) OVER (ORDER BY sequence) AS following "
    "FROM"
    " (SELECT CAST($1 AS BIGINT) AS sequence UNION ALL"
    " SELECT sequence FROM events WHERE device = $2 AND epoch = $3 AND sequence > $4) AS present) AS pairs"
    " WHERE following > sequence + 1 ORDER BY sequence LIMIT $5";
inline constexpr std::string_view kCountEvents = "SELECT count(*) FROM events";

}  // namespace fairlead::agent::hub::sql
