#pragma once
// Every SQL statement of the two files in the state folder: events.db and device.db. Values travel as parameters only.
// FORMAT.md tells what the columns mean. Columns stand in the order in which they are hashed: numbers, public texts,
// personal fields, then salt, commitment, digest, seal and proof of erasure.

#include <string_view>

namespace fairlead::agent::events::sql {

inline constexpr auto kPrepareToWrite =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_size_limit=1048576;";

/// 1 where the tables of events.db are there, 0 in a file just made.
inline constexpr std::string_view kVersion = "PRAGMA user_version";

inline constexpr auto kSchema = R"(
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL,
  id TEXT NOT NULL, kind TEXT NOT NULL, found TEXT NOT NULL, group_id TEXT NOT NULL, method TEXT NOT NULL,
  navigation TEXT NOT NULL, navigation_sign TEXT NOT NULL, category TEXT NOT NULL, risk TEXT NOT NULL,
  severity TEXT NOT NULL, review TEXT NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL, level TEXT NOT NULL,
  ruleset TEXT NOT NULL, policy TEXT NOT NULL,
  person TEXT, url TEXT, host TEXT, words TEXT, span TEXT, losers TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE TABLE reports (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, event INTEGER NOT NULL, time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  person TEXT, words TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX reports_by_event ON reports (event);
CREATE TABLE counters (
  day INTEGER NOT NULL, category TEXT NOT NULL, group_id TEXT NOT NULL, count INTEGER NOT NULL, proof BLOB NOT NULL,
  PRIMARY KEY (day, category, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL, digest BLOB NOT NULL, report_sequence INTEGER NOT NULL, report_digest BLOB NOT NULL,
  counters INTEGER NOT NULL, signature BLOB NOT NULL
) STRICT;
PRAGMA application_id=1179405430;
PRAGMA user_version=1;
)";

inline constexpr std::string_view kInsertEvent =
    "INSERT INTO events (sequence, epoch, time, id, kind, found, group_id, method, navigation, navigation_sign,"
    " category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, words, span, losers,"
    " salt, personal, digest, seal) VALUES"
    " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr std::string_view kInsertReport =
    "INSERT INTO reports (sequence, epoch, event, time, kind, person, words, salt, personal, digest, seal)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?)";

/// since, until, person, category, risk, severity, limit (-1: all); an empty text does not filter.
inline constexpr std::string_view kEventsOldestFirst =
    "SELECT sequence, epoch, time, id, kind, found, group_id, method, navigation, navigation_sign,"
    " category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, words, span, losers,"
    " salt, personal, digest, seal, erased FROM events WHERE time >= ?1 AND time < ?2 AND (?3 = '' OR person = ?3)"
    " AND (?4 = '' OR category = ?4) AND (?5 = '' OR risk = ?5) AND (?6 = '' OR severity = ?6)"
    " ORDER BY sequence LIMIT ?7";
inline constexpr std::string_view kEventsNewestFirst =
    "SELECT sequence, epoch, time, id, kind, found, group_id, method, navigation, navigation_sign,"
    " category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, words, span, losers,"
    " salt, personal, digest, seal, erased FROM events WHERE time >= ?1 AND time < ?2 AND (?3 = '' OR person = ?3)"
    " AND (?4 = '' OR category = ?4) AND (?5 = '' OR risk = ?5) AND (?6 = '' OR severity = ?6)"
    " ORDER BY sequence DESC LIMIT ?7";
inline constexpr std::string_view kEventById =
    "SELECT sequence, epoch, time, id, kind, found, group_id, method, navigation, navigation_sign,"
    " category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, words, span, losers,"
    " salt, personal, digest, seal, erased FROM events WHERE id = ? ORDER BY sequence DESC LIMIT 1";
inline constexpr std::string_view kReportsOfEvent =
    "SELECT sequence, epoch, event, time, kind, person, words, salt, personal, digest, seal, erased FROM reports"
    " WHERE event = ? ORDER BY sequence";

/// For verify(): every row as it lies.
inline constexpr std::string_view kAllEvents =
    "SELECT sequence, epoch, time, id, kind, found, group_id, method, navigation, navigation_sign,"
    " category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, words, span, losers,"
    " salt, personal, digest, seal, erased FROM events ORDER BY sequence";
inline constexpr std::string_view kAllReports =
    "SELECT sequence, epoch, event, time, kind, person, words, salt, personal, digest, seal, erased FROM reports"
    " ORDER BY sequence";
inline constexpr std::string_view kAllCounters =
    "SELECT day, category, group_id, count, proof FROM counters ORDER BY day, category, group_id";
inline constexpr std::string_view kSchemaText =
    "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
inline constexpr std::string_view kIntegrity = "PRAGMA integrity_check(1)";

inline constexpr std::string_view kReadHead =
    "SELECT epoch, sequence, digest, report_sequence, report_digest, counters, signature FROM head WHERE one = 1";
inline constexpr std::string_view kWriteHead =
    "INSERT OR REPLACE INTO head (one, epoch, sequence, digest, report_sequence, report_digest, counters, signature)"
    " VALUES (1, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kLastEvent = "SELECT sequence, digest FROM events ORDER BY sequence DESC LIMIT 1";
inline constexpr std::string_view kLastReport = "SELECT sequence, digest FROM reports ORDER BY sequence DESC LIMIT 1";

/// Whether an event is there that a failed commit seemed to lose.
inline constexpr std::string_view kHasEvent = "SELECT 1 FROM events WHERE id = ? AND time = ?";
inline constexpr std::string_view kOwnEvent =
    "SELECT sequence FROM events WHERE id = ? AND person = ? ORDER BY sequence DESC LIMIT 1";
inline constexpr std::string_view kCountReports = "SELECT count(*) FROM reports WHERE event = ?";

inline constexpr std::string_view kReadCounter =
    "SELECT count FROM counters WHERE day = ? AND category = ? AND group_id = ?";
inline constexpr std::string_view kWriteCounter =
    "INSERT OR REPLACE INTO counters (day, category, group_id, count, proof) VALUES (?, ?, ?, ?, ?)";
inline constexpr std::string_view kDeleteCounters = "DELETE FROM counters WHERE day < ?";

/// Limits of time: observed, low (and events without a severity), medium, high, critical.
inline constexpr std::string_view kExpired =
    "SELECT sequence FROM events WHERE erased IS NULL AND time < CASE WHEN kind = 'observed' THEN ?1"
    " WHEN severity = 'medium' THEN ?3 WHEN severity = 'high' THEN ?4 WHEN severity = 'critical' THEN ?5 ELSE ?2 END"
    " ORDER BY sequence";
inline constexpr std::string_view kEventDigest = "SELECT digest FROM events WHERE sequence = ? AND erased IS NULL";
inline constexpr std::string_view kEraseEvent =
    "UPDATE events SET erased = ?, person = NULL, url = NULL, host = NULL, words = NULL, span = NULL, losers = NULL,"
    " salt = NULL WHERE sequence = ?";
inline constexpr std::string_view kReportDigests =
    "SELECT sequence, digest FROM reports WHERE event = ? AND erased IS NULL";
inline constexpr std::string_view kEraseReport =
    "UPDATE reports SET erased = ?, person = NULL, words = NULL, salt = NULL WHERE sequence = ?";

// device.db: the key, and how far the store had come when the agent last stopped. Its writer keeps it locked.
inline constexpr auto kPrepareDevice = "PRAGMA synchronous=FULL;";
inline constexpr auto kDeviceSchema = R"(
CREATE TABLE IF NOT EXISTS device (
  one INTEGER PRIMARY KEY CHECK (one = 1), seed BLOB NOT NULL, epoch INTEGER NOT NULL, reached INTEGER NOT NULL
) STRICT;
)";
inline constexpr std::string_view kReadDevice = "SELECT seed, epoch, reached FROM device WHERE one = 1";
inline constexpr std::string_view kMakeDevice = "INSERT INTO device (one, seed, epoch, reached) VALUES (1, ?, 0, 0)";
inline constexpr std::string_view kMoveDevice = "UPDATE device SET epoch = ?, reached = ? WHERE one = 1";

}  // namespace fairlead::agent::events::sql
