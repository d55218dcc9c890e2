#pragma once
// Every SQL statement of alerts.db. Values travel as parameters only. FORMAT.md tells what the columns mean.

#include <string_view>

namespace fairlead::agent::alerts::sql {

// FULL: what was acknowledged is on the disk. secure_delete: texts that were delivered leave no bytes behind.
inline constexpr auto kPrepare =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_size_limit=262144;";
inline constexpr std::string_view kVersion = "PRAGMA user_version";

inline constexpr auto kSchema = R"(
CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE told (
  incident INTEGER PRIMARY KEY, severity INTEGER NOT NULL, time INTEGER NOT NULL, count INTEGER NOT NULL
) STRICT;
CREATE TABLE routes (name TEXT PRIMARY KEY, beyond INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE items (
  route TEXT NOT NULL, incident INTEGER NOT NULL, way INTEGER NOT NULL, reason INTEGER NOT NULL,
  severity INTEGER NOT NULL, since INTEGER NOT NULL, risk TEXT NOT NULL, category TEXT NOT NULL, title TEXT NOT NULL,
  person TEXT NOT NULL, host TEXT NOT NULL, PRIMARY KEY (route, incident)
) STRICT, WITHOUT ROWID;
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, route TEXT NOT NULL, way INTEGER NOT NULL, created INTEGER NOT NULL,
  state INTEGER NOT NULL, attempts INTEGER NOT NULL, next_try INTEGER NOT NULL, last_try INTEGER NOT NULL,
  delivered INTEGER NOT NULL, in_doubt INTEGER NOT NULL, entered INTEGER NOT NULL, error TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, incidents TEXT NOT NULL, beyond INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_state ON messages (state, next_try);
CREATE INDEX messages_by_route ON messages (route, created);
PRAGMA user_version=1;
)";

inline constexpr std::string_view kReadNumber = "SELECT value FROM numbers WHERE name = ?";
inline constexpr std::string_view kWriteNumber = "INSERT OR REPLACE INTO numbers (name, value) VALUES (?, ?)";

inline constexpr std::string_view kHeedMessages =
    "UPDATE messages SET created = min(created, ?1), last_try = min(last_try, ?1), next_try = ?1 "
    "WHERE state IN (0, 3) AND (created > ?1 OR last_try > ?1 OR next_try > ?2)";
inline constexpr std::string_view kHeedItems = "UPDATE items SET since = ?1 WHERE since > ?1";
inline constexpr std::string_view kHeedTold = "UPDATE told SET time = ?1 WHERE time > ?1";

inline constexpr std::string_view kReadTold = "SELECT severity, time, count FROM told WHERE incident = ?";
inline constexpr std::string_view kWriteTold =
    "INSERT OR REPLACE INTO told (incident, severity, time, count) VALUES (?, ?, ?, ?)";
inline constexpr std::string_view kForgetTold = "DELETE FROM told WHERE time < ?";

inline constexpr std::string_view kRoutes = "SELECT name FROM routes ORDER BY name";
inline constexpr std::string_view kAddRoute = "INSERT OR IGNORE INTO routes (name) VALUES (?)";
inline constexpr std::string_view kDropRoute = "DELETE FROM routes WHERE name = ?";
inline constexpr std::string_view kMoveItems = "UPDATE OR IGNORE items SET route = ?1 WHERE route = ?2";
inline constexpr std::string_view kDropItems = "DELETE FROM items WHERE route = ?";
inline constexpr std::string_view kMoveMessages = "UPDATE messages SET route = ?1 WHERE route = ?2 AND state IN (0, 3)";
inline constexpr std::string_view kWithdraw =
    "UPDATE messages SET state = 4, subject = '', body = '', error = 'policy.yaml no longer names where it was to go' "
    "WHERE state IN (0, 3) AND route NOT IN (SELECT name FROM routes)";

// A later word on an incident that still waits: the more urgent way, the graver severity, and "new" stays new.
inline constexpr std::string_view kAddItem =
    "INSERT INTO items (route, incident, way, reason, severity, since, risk, category, title, person, host) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (route, incident) DO UPDATE SET "
    "way = max(way, excluded.way), severity = excluded.severity, reason = min(reason, excluded.reason), "
    "risk = excluded.risk, category = excluded.category, title = excluded.title, person = excluded.person, "
    "host = excluded.host";
inline constexpr std::string_view kHasItem = "SELECT count(*) FROM items WHERE route = ? AND incident = ?";
inline constexpr std::string_view kCountItems = "SELECT count(*) FROM items WHERE route = ?";
inline constexpr std::string_view kAddBeyond = "UPDATE routes SET beyond = beyond + 1 WHERE name = ?";
inline constexpr std::string_view kReadBeyond = "SELECT beyond FROM routes WHERE name = ?";
inline constexpr std::string_view kClearBeyond = "UPDATE routes SET beyond = 0 WHERE name = ?";

inline constexpr std::string_view kWaiting =
    "SELECT way, min(since), max(severity) FROM items WHERE route = ? GROUP BY way";
inline constexpr std::string_view kMadeSince =
    "SELECT created FROM messages WHERE route = ? AND way = ? AND created > ?";
inline constexpr std::string_view kCountInState = "SELECT count(*) FROM messages WHERE route = ? AND state = ?";
inline constexpr std::string_view kTake =
    "SELECT incident, way, reason, severity, since, risk, category, title, person, host FROM items "
    "WHERE route = ? AND way = ? AND severity >= ? ORDER BY severity DESC, since, incident";
inline constexpr std::string_view kDropTaken = "DELETE FROM items WHERE route = ? AND way = ? AND severity >= ?";
inline constexpr std::string_view kAddMessage =
    "INSERT INTO messages (key, route, way, created, state, attempts, next_try, last_try, delivered, in_doubt, "
    "entered, "
    "error, subject, body, incidents, beyond) VALUES (?, ?, ?, ?, 0, 0, ?, 0, 0, 0, 0, '', ?, ?, ?, ?)";

#define FAIRLEAD_MESSAGE \
  "SELECT id, key, route, way, created, subject, body, incidents, beyond, attempts FROM messages "
inline constexpr std::string_view kNextMessage = FAIRLEAD_MESSAGE
    "WHERE state IN (0, 3) AND next_try <= ? AND route IN (SELECT name FROM routes) ORDER BY state, next_try, id LIMIT "
    "1";
inline constexpr std::string_view kNotEntered = FAIRLEAD_MESSAGE "WHERE state = 2 AND entered = 0 ORDER BY id LIMIT 20";
#undef FAIRLEAD_MESSAGE
inline constexpr std::string_view kNextTry =
    "SELECT min(next_try) FROM messages WHERE state IN (0, 3) AND route IN (SELECT name FROM routes)";
inline constexpr std::string_view kBegin =
    "UPDATE messages SET state = 1, attempts = attempts + 1, last_try = ? WHERE id = ?";
inline constexpr std::string_view kDelivered =
    "UPDATE messages SET state = 2, delivered = ?, subject = '', body = '', error = '' WHERE id = ?";
inline constexpr std::string_view kFailed =
    "UPDATE messages SET state = ?, next_try = ?, error = ?, in_doubt = in_doubt + ? WHERE id = ?";
inline constexpr std::string_view kPostpone =
    "UPDATE messages SET next_try = max(next_try, ?), error = ? WHERE route = ? AND state = 0";
inline constexpr std::string_view kEntered = "UPDATE messages SET entered = 1 WHERE id = ?";
inline constexpr std::string_view kRecover =
    "UPDATE messages SET state = 0, in_doubt = in_doubt + 1, next_try = 0, "
    "error = 'the agent ended before the server''s answer was written down' WHERE state = 1";
inline constexpr std::string_view kTryAgain = "UPDATE messages SET next_try = min(next_try, ?) WHERE state IN (0, 3)";
inline constexpr std::string_view kTryParked =
    "UPDATE messages SET next_try = min(next_try, ?) WHERE route = ? AND state = 3";
inline constexpr std::string_view kTryNow =
    "UPDATE messages SET next_try = min(next_try, ?) WHERE route = ? AND state IN (0, 3)";
inline constexpr std::string_view kHurry =
    "UPDATE messages SET next_try = min(next_try, max(?1, last_try + ?2)) WHERE state = 0";
inline constexpr std::string_view kGiveUp =
    "UPDATE messages SET state = 4, subject = '', body = '', error = 'it could not be delivered for thirty days' "
    "WHERE state IN (0, 3) AND created < ?";
inline constexpr std::string_view kForgetMessages =
    "DELETE FROM messages WHERE state IN (2, 4) AND (created < ? OR id <= (SELECT max(id) FROM messages) - 10000)";

inline constexpr std::string_view kStatus =
    "SELECT (SELECT count(*) FROM items WHERE route = ?1), "
    "(SELECT count(*) FROM messages WHERE route = ?1 AND state IN (0, 1)), "
    "(SELECT count(*) FROM messages WHERE route = ?1 AND state = 3), "
    "(SELECT count(*) FROM messages WHERE route = ?1 AND state = 2), "
    "(SELECT coalesce(max(delivered), 0) FROM messages WHERE route = ?1 AND state = 2), "
    "(SELECT coalesce(min(next_try), 0) FROM messages WHERE route = ?1 AND state IN (0, 3)), "
    "(SELECT coalesce(sum(in_doubt), 0) FROM messages WHERE route = ?1), "
    "(SELECT beyond FROM routes WHERE name = ?1), "
    "coalesce((SELECT error FROM messages WHERE route = ?1 AND state IN (0, 1, 3) AND error <> '' "
    "ORDER BY last_try DESC LIMIT 1), '')";
inline constexpr std::string_view kWithdrawn = "SELECT count(*) FROM messages WHERE state = 4 AND created > ?";
inline constexpr std::string_view kRecent =
    "SELECT created, delivered, route, way, state, attempts, in_doubt, error, incidents, beyond FROM messages "
    "ORDER BY id DESC LIMIT ? OFFSET ?";

}  // namespace fairlead::agent::alerts::sql
