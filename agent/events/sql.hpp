#pragma once
// Every SQL statement of the two files in the state folder: events.db and device.db. Values travel as parameters only.
// FORMAT.md tells what the columns mean. The statements that read a chained table give its columns in the order in
// which they are hashed: numbers, public texts, personal fields, then salt, commitment, digest, seal and proof of
// erasure.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace fairlead::agent::events::sql {

/// One text of several, when the program is compiled.
template <const std::string_view&... kParts>
struct Joined {
  static constexpr auto kBytes = [] {
    std::array<char, (kParts.size() + ... + 0)> bytes{};
    auto* at = bytes.data();
    ((at = std::copy(kParts.begin(), kParts.end(), at)), ...);
    return bytes;
  }();
  static constexpr std::string_view kText{kBytes.data(), kBytes.size()};
};

inline constexpr auto kPrepareToWrite =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA journal_size_limit=1048576;";

/// What of the tables of events.db is there: 0 in a file just made, 1 without entries and incidents.
inline constexpr std::string_view kVersion = "PRAGMA user_version";
inline constexpr std::uint64_t kCurrentVersion = 2;

// Rows that hold a personal text are never deleted and never grow: SQLite moves rows only when one grows or goes, and
// leaves copies behind when it does. That is why erased names stand as NULL, and why a salt is as long as a proof.
inline constexpr auto kSchema = R"(
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL,
  id TEXT NOT NULL, class INTEGER NOT NULL, origin INTEGER NOT NULL, incident INTEGER NOT NULL, marks INTEGER NOT NULL,
  person INTEGER, host INTEGER, url TEXT, words TEXT, span TEXT, losers TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE INDEX events_by_class ON events (class);
CREATE INDEX events_by_incident ON events (incident);
CREATE INDEX events_by_person ON events (person);
CREATE INDEX events_by_host ON events (host, incident);
CREATE TABLE classes (
  number INTEGER PRIMARY KEY, key INTEGER NOT NULL,
  kind TEXT NOT NULL, found TEXT NOT NULL, group_id TEXT NOT NULL, method TEXT NOT NULL, navigation TEXT NOT NULL,
  navigation_sign TEXT NOT NULL, category TEXT NOT NULL, risk TEXT NOT NULL, severity TEXT NOT NULL,
  review TEXT NOT NULL, level TEXT NOT NULL, ruleset TEXT NOT NULL, policy TEXT NOT NULL
) STRICT;
CREATE INDEX classes_by_key ON classes (key);
CREATE TABLE origins (
  number INTEGER PRIMARY KEY, key INTEGER NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL
) STRICT;
CREATE INDEX origins_by_key ON origins (key);
CREATE TABLE people (number INTEGER PRIMARY KEY, key INTEGER, name TEXT) STRICT;
CREATE INDEX people_by_key ON people (key);
CREATE TABLE hosts (number INTEGER PRIMARY KEY, key INTEGER, name TEXT) STRICT;
CREATE INDEX hosts_by_key ON hosts (key);
CREATE TABLE reports (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, event INTEGER NOT NULL, time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  person TEXT, words TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX reports_by_event ON reports (event);
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, time INTEGER NOT NULL, incident INTEGER NOT NULL,
  keep INTEGER NOT NULL,
  kind TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL,
  actor INTEGER, person INTEGER, body TEXT,
  salt BLOB, personal BLOB NOT NULL, digest BLOB NOT NULL, seal BLOB NOT NULL, erased BLOB
) STRICT;
CREATE INDEX entries_by_incident ON entries (incident);
CREATE INDEX entries_by_kind ON entries (kind);
CREATE INDEX entries_by_actor ON entries (actor);
CREATE INDEX entries_by_person ON entries (person);
CREATE TABLE incidents (
  number INTEGER PRIMARY KEY, person INTEGER, group_id TEXT NOT NULL, category TEXT NOT NULL,
  categories TEXT NOT NULL, risk TEXT NOT NULL, gravest TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL,
  pattern TEXT NOT NULL, weighed TEXT NOT NULL, state TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, changed INTEGER NOT NULL, count INTEGER NOT NULL,
  visits INTEGER NOT NULL, days INTEGER NOT NULL, hosts INTEGER NOT NULL, reports INTEGER NOT NULL,
  unerased INTEGER NOT NULL, visit INTEGER NOT NULL, visited INTEGER NOT NULL, visit_day INTEGER NOT NULL,
  began INTEGER NOT NULL, began_at INTEGER NOT NULL, reached INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_by_person ON incidents (person, reached);
CREATE INDEX incidents_by_changed ON incidents (changed);
CREATE TABLE totals (
  day INTEGER NOT NULL, category TEXT NOT NULL, group_id TEXT NOT NULL, kind TEXT NOT NULL,
  events INTEGER NOT NULL, navigations INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (day, category, group_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (
  day INTEGER NOT NULL, category TEXT NOT NULL, group_id TEXT NOT NULL, count INTEGER NOT NULL, proof BLOB NOT NULL,
  PRIMARY KEY (day, category, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL, digest BLOB NOT NULL, report_sequence INTEGER NOT NULL, report_digest BLOB NOT NULL,
  entry_sequence INTEGER NOT NULL, entry_digest BLOB NOT NULL, counters INTEGER NOT NULL, signature BLOB NOT NULL
) STRICT;
CREATE TABLE clock (
  one INTEGER PRIMARY KEY CHECK (one = 1), time INTEGER NOT NULL, elapsed INTEGER NOT NULL
) STRICT;
PRAGMA application_id=1179405430;
PRAGMA user_version=2;
)";
/// The empty name is number 0 for good, so that it can be told from an erased one; the clock begins with the first
/// event.
inline constexpr auto kFirstRows =
    "INSERT INTO people (number, key, name) VALUES (0, 0, '');"
    "INSERT INTO hosts (number, key, name) VALUES (0, 0, '');"
    "INSERT INTO clock (one, time, elapsed) VALUES (1, 0, 0);";

// From version 1, in one transaction: these, the new tables, every event anew, then kDropOld.
inline constexpr auto kSetOldAside =
    "DROP INDEX events_by_id; ALTER TABLE events RENAME TO old_events; DROP INDEX reports_by_event;"
    "ALTER TABLE reports RENAME TO old_reports; ALTER TABLE counters RENAME TO old_counters; DROP TABLE head;";
inline constexpr auto kCopyOld =
    "INSERT INTO reports SELECT * FROM old_reports; INSERT INTO counters SELECT * FROM old_counters;";
inline constexpr auto kDropOld = "DROP TABLE old_events; DROP TABLE old_reports; DROP TABLE old_counters;";
inline constexpr std::string_view kOldEvents =
    "SELECT sequence, epoch, time, id, kind, found, group_id, method, navigation, navigation_sign,"
    " category, risk, severity, review, rule, source, level, ruleset, policy, person, url, host, words, span, losers,"
    " salt, personal, digest, seal, erased FROM old_events ORDER BY sequence";
inline constexpr std::string_view kOldHead =
    "SELECT epoch, sequence, digest, report_sequence, report_digest, counters, signature FROM head WHERE one = 1";
inline constexpr std::string_view kReportsOfIncidents =
    "SELECT e.incident, r.time FROM reports r JOIN events e ON e.sequence = r.event WHERE e.incident <> 0";

inline constexpr std::string_view kInsertEvent =
    "INSERT INTO events (sequence, epoch, time, id, class, origin, incident, marks, person, host, url, words, span,"
    " losers, salt, personal, digest, seal, erased) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr std::string_view kInsertReport =
    "INSERT INTO reports (sequence, epoch, event, time, kind, person, words, salt, personal, digest, seal)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr std::string_view kInsertEntry =
    "INSERT INTO entries (sequence, epoch, time, incident, keep, kind, subject, state, actor, person, body,"
    " salt, personal, digest, seal) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

// Texts that many events share stand once. `key` is a proof of the text, cut to 8 bytes: it leads to a row and tells
// nothing without the device key.
inline constexpr std::string_view kFindClass =
    "SELECT number FROM classes WHERE key = ? AND kind = ? AND found = ? AND group_id = ? AND method = ?"
    " AND navigation = ? AND navigation_sign = ? AND category = ? AND risk = ? AND severity = ? AND review = ?"
    " AND level = ? AND ruleset = ? AND policy = ?";
inline constexpr std::string_view kInsertClass =
    "INSERT INTO classes (key, kind, found, group_id, method, navigation, navigation_sign, category, risk, severity,"
    " review, level, ruleset, policy) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING number";
inline constexpr std::string_view kFindOrigin = "SELECT number FROM origins WHERE key = ? AND rule = ? AND source = ?";
inline constexpr std::string_view kInsertOrigin =
    "INSERT INTO origins (key, rule, source) VALUES (?,?,?) RETURNING number";
inline constexpr std::string_view kFindPerson = "SELECT number FROM people WHERE key = ? AND name = ?";
inline constexpr std::string_view kInsertPerson = "INSERT INTO people (key, name) VALUES (?,?) RETURNING number";
inline constexpr std::string_view kFindHost = "SELECT number FROM hosts WHERE key = ? AND name = ?";
inline constexpr std::string_view kInsertHost = "INSERT INTO hosts (key, name) VALUES (?,?) RETURNING number";

inline constexpr std::string_view kEventColumns =
    "SELECT e.sequence, e.epoch, e.time, e.id, c.kind, c.found, c.group_id, c.method, c.navigation, c.navigation_sign,"
    " c.category, c.risk, c.severity, c.review, o.rule, o.source, c.level, c.ruleset, c.policy, p.name,"
    " CASE substr(e.url, 1, 1) WHEN char(2) THEN 'https://' || h.name || substr(e.url, 2)"
    " WHEN char(3) THEN 'http://' || h.name || substr(e.url, 2) ELSE e.url END,"
    " h.name, e.words, CASE e.span WHEN char(2) THEN o.rule ELSE e.span END, e.losers, e.salt, e.personal, e.digest, "
    "e.seal, e.erased, e.incident, e.marks"
    " FROM events e LEFT JOIN classes c ON c.number = e.class LEFT JOIN origins o ON o.number = e.origin"
    " LEFT JOIN people p ON p.number = e.person LEFT JOIN hosts h ON h.number = e.host";
inline constexpr std::string_view kReportColumns =
    "SELECT sequence, epoch, event, time, kind, person, words, salt, personal, digest, seal, erased FROM reports";
inline constexpr std::string_view kEntryColumns =
    "SELECT e.sequence, e.epoch, e.time, e.incident, e.keep, e.kind, e.subject, e.state, a.name, p.name, e.body,"
    " e.salt, e.personal, e.digest, e.seal, e.erased FROM entries e LEFT JOIN people a ON a.number = e.actor"
    " LEFT JOIN people p ON p.number = e.person";

/// Parameters: sequence from, to; time from, before; ?5 person's number (-1: all); ?6 to ?10 category, risk, severity,
/// group, kind; ?11 part of a host; ?12 limit (-1: all). An empty text does not filter.
inline constexpr std::string_view kEventsThatFit =
    " WHERE e.sequence >= ?1 AND e.sequence <= ?2 AND e.time >= ?3 AND e.time < ?4 AND (?5 < 0 OR e.person = ?5)"
    " AND ((?6 || ?7 || ?8 || ?9 || ?10) = '' OR e.class IN (SELECT number FROM classes WHERE (?6 = '' OR category = "
    "?6)"
    " AND (?7 = '' OR risk = ?7) AND (?8 = '' OR severity = ?8) AND (?9 = '' OR group_id = ?9)"
    " AND (?10 = '' OR kind = ?10)))"
    " AND (?11 = '' OR e.host IN (SELECT number FROM hosts WHERE instr(name, ?11) > 0))";
inline constexpr std::string_view kOfPerson = " AND e.person = ?5";
inline constexpr std::string_view kOldestFirst = " ORDER BY e.sequence LIMIT ?12";
inline constexpr std::string_view kNewestFirst = " ORDER BY e.sequence DESC LIMIT ?12";
inline constexpr std::string_view kEventsOldestFirst = Joined<kEventColumns, kEventsThatFit, kOldestFirst>::kText;
inline constexpr std::string_view kEventsNewestFirst = Joined<kEventColumns, kEventsThatFit, kNewestFirst>::kText;
inline constexpr std::string_view kPersonsOldestFirst =
    Joined<kEventColumns, kEventsThatFit, kOfPerson, kOldestFirst>::kText;
inline constexpr std::string_view kPersonsNewestFirst =
    Joined<kEventColumns, kEventsThatFit, kOfPerson, kNewestFirst>::kText;

/// The same rows by way of an index, for filters that few events fit: first how many there may be (up to a limit), then
/// which. With the numbers of the parameters above; ?13: how many to count at most.
inline constexpr std::string_view kOfClass =
    "SELECT number FROM classes WHERE (?6 = '' OR category = ?6) AND (?7 = '' OR risk = ?7)"
    " AND (?8 = '' OR severity = ?8) AND (?9 = '' OR group_id = ?9) AND (?10 = '' OR kind = ?10)";
inline constexpr std::string_view kOfHost = "SELECT number FROM hosts WHERE instr(name, ?11) > 0";
inline constexpr std::string_view kCountSome = "SELECT count(*) FROM (SELECT 1 FROM events WHERE sequence >= ?1 AND ";
inline constexpr std::string_view kClassIn = "class IN (";
inline constexpr std::string_view kHostIn = "host IN (";
inline constexpr std::string_view kUpTo = ") LIMIT ?13)";
inline constexpr std::string_view kCountOfClass = Joined<kCountSome, kClassIn, kOfClass, kUpTo>::kText;
inline constexpr std::string_view kCountOfHost = Joined<kCountSome, kHostIn, kOfHost, kUpTo>::kText;
inline constexpr std::string_view kSequences = "SELECT e.sequence FROM events e";
inline constexpr std::string_view kAndClassIn = " AND e.class IN (";
inline constexpr std::string_view kAndHostIn = " AND e.host IN (";
inline constexpr std::string_view kEnd = ")";
inline constexpr std::string_view kOfClassNewest =
    Joined<kSequences, kEventsThatFit, kAndClassIn, kOfClass, kEnd, kNewestFirst>::kText;
inline constexpr std::string_view kOfHostNewest =
    Joined<kSequences, kEventsThatFit, kAndHostIn, kOfHost, kEnd, kNewestFirst>::kText;
inline constexpr std::string_view kPeople = "SELECT name FROM people WHERE name IS NOT NULL AND number <> 0";
inline constexpr std::string_view kPersonNumber = "SELECT number FROM people WHERE name = ? AND number <> 0";

inline constexpr std::string_view kWithId = " WHERE e.id = ? ORDER BY e.sequence DESC LIMIT 1";
inline constexpr std::string_view kEventById = Joined<kEventColumns, kWithId>::kText;
inline constexpr std::string_view kWithSequence = " WHERE e.sequence = ?";
inline constexpr std::string_view kEventBySequence = Joined<kEventColumns, kWithSequence>::kText;
/// incident, limit, offset
inline constexpr std::string_view kOfIncident = " WHERE e.incident = ? ORDER BY e.sequence LIMIT ? OFFSET ?";
inline constexpr std::string_view kEventsOfIncident = Joined<kEventColumns, kOfIncident>::kText;
inline constexpr std::string_view kSequencesOfIncident =
    "SELECT sequence FROM events WHERE incident = ? ORDER BY sequence LIMIT ?";
inline constexpr std::string_view kEpochs =
    "SELECT epoch, min(sequence), max(sequence) FROM events GROUP BY epoch ORDER BY epoch";
inline constexpr std::string_view kReportEpochs =
    "SELECT epoch, min(sequence), max(sequence) FROM reports GROUP BY epoch ORDER BY epoch";
inline constexpr std::string_view kEntryEpochs =
    "SELECT epoch, min(sequence), max(sequence) FROM entries GROUP BY epoch ORDER BY epoch";
/// Rows to hand on: after a sequence, before another.
inline constexpr std::string_view kReportsBetween =
    "SELECT r.sequence, r.epoch, r.digest, r.erased IS NOT NULL, e.id, r.time, r.kind, r.person, r.words"
    " FROM reports r LEFT JOIN events e ON e.sequence = r.event WHERE r.sequence > ? AND r.sequence < ?"
    " ORDER BY r.sequence";
inline constexpr std::string_view kEntriesBetween =
    "SELECT e.sequence, e.epoch, e.digest, e.erased IS NOT NULL, (SELECT i.id FROM events i"
    " WHERE i.incident = e.incident AND e.incident <> 0 ORDER BY i.sequence DESC LIMIT 1), e.time, e.keep, e.kind,"
    " e.subject, a.name, p.name, e.body FROM entries e LEFT JOIN people a ON a.number = e.actor"
    " LEFT JOIN people p ON p.number = e.person WHERE e.sequence > ? AND e.sequence < ? ORDER BY e.sequence";
inline constexpr std::string_view kEventDigestAt = "SELECT digest FROM events WHERE sequence = ?";
inline constexpr std::string_view kReportDigestAt = "SELECT digest FROM reports WHERE sequence = ?";
inline constexpr std::string_view kEntryDigestAt = "SELECT digest FROM entries WHERE sequence = ?";
inline constexpr std::string_view kOfEvent = " WHERE event = ? ORDER BY sequence";
inline constexpr std::string_view kReportsOfEvent = Joined<kReportColumns, kOfEvent>::kText;

/// For verify(): every row as it lies.
inline constexpr std::string_view kInOrder = " ORDER BY e.sequence";
inline constexpr std::string_view kAllEvents = Joined<kEventColumns, kInOrder>::kText;
inline constexpr std::string_view kReportsInOrder = " ORDER BY sequence";
inline constexpr std::string_view kAllReports = Joined<kReportColumns, kReportsInOrder>::kText;
inline constexpr std::string_view kAllEntries = Joined<kEntryColumns, kInOrder>::kText;
inline constexpr std::string_view kAllCounters =
    "SELECT day, category, group_id, count, proof FROM counters ORDER BY day, category, group_id";
inline constexpr std::string_view kAllTotals =
    "SELECT day, category, group_id, kind, events, navigations, first, last FROM totals"
    " ORDER BY day, category, group_id, kind";
/// Shared texts that no row bears, and an empty name that is not empty: put there by another hand.
inline constexpr std::string_view kStrayTexts =
    "SELECT 'person', number FROM people p WHERE name IS NOT NULL AND CASE WHEN number = 0 THEN name <> '' ELSE"
    " NOT EXISTS (SELECT 1 FROM events WHERE person = p.number) AND NOT EXISTS (SELECT 1 FROM entries WHERE"
    " actor = p.number) AND NOT EXISTS (SELECT 1 FROM entries WHERE person = p.number) END UNION ALL"
    " SELECT 'host', number FROM hosts h WHERE name IS NOT NULL AND CASE WHEN number = 0 THEN name <> '' ELSE"
    " NOT EXISTS (SELECT 1 FROM events WHERE host = h.number) END UNION ALL"
    " SELECT 'class', number FROM classes c WHERE NOT EXISTS (SELECT 1 FROM events WHERE class = c.number) UNION ALL"
    " SELECT 'origin', number FROM origins WHERE number NOT IN (SELECT origin FROM events) UNION ALL"
    " SELECT 'person', 0 WHERE NOT EXISTS (SELECT 1 FROM people WHERE number = 0 AND name IS NOT NULL) UNION ALL"
    " SELECT 'host', 0 WHERE NOT EXISTS (SELECT 1 FROM hosts WHERE number = 0 AND name IS NOT NULL) LIMIT 1";
inline constexpr std::string_view kSchemaText =
    "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name";
inline constexpr std::string_view kIntegrity = "PRAGMA integrity_check(1)";

inline constexpr std::string_view kReadHead =
    "SELECT epoch, sequence, digest, report_sequence, report_digest, entry_sequence, entry_digest, counters, signature"
    " FROM head WHERE one = 1";
inline constexpr std::string_view kWriteHead =
    "INSERT OR REPLACE INTO head (one, epoch, sequence, digest, report_sequence, report_digest, entry_sequence,"
    " entry_digest, counters, signature) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kLastEvent = "SELECT sequence, digest FROM events ORDER BY sequence DESC LIMIT 1";
inline constexpr std::string_view kLastReport = "SELECT sequence, digest FROM reports ORDER BY sequence DESC LIMIT 1";
inline constexpr std::string_view kLastEntry = "SELECT sequence, digest FROM entries ORDER BY sequence DESC LIMIT 1";

/// Whether an event is there that a failed commit seemed to lose.
inline constexpr std::string_view kHasEvent = "SELECT 1 FROM events WHERE id = ? AND time = ?";
inline constexpr std::string_view kOwnEvent =
    "SELECT e.sequence, e.incident FROM events e JOIN people p ON p.number = e.person WHERE e.id = ? AND p.name = ?"
    " ORDER BY e.sequence DESC LIMIT 1";
inline constexpr std::string_view kCountReports = "SELECT count(*) FROM reports WHERE event = ?";

inline constexpr std::string_view kReadCounter =
    "SELECT count FROM counters WHERE day = ? AND category = ? AND group_id = ?";
inline constexpr std::string_view kWriteCounter =
    "INSERT OR REPLACE INTO counters (day, category, group_id, count, proof) VALUES (?, ?, ?, ?, ?)";
inline constexpr std::string_view kDeleteCounters = "DELETE FROM counters WHERE day < ?";

// Incidents, as grouping.hpp has them.
inline constexpr std::string_view kIncidentsOwn =
    "SELECT i.number, i.person, i.group_id, i.category, i.categories, i.risk, i.gravest, i.severity, i.review,"
    " i.pattern, i.weighed, i.state, i.first, i.last, i.changed, i.count, i.visits, i.days, i.hosts, i.reports,"
    " i.unerased, i.visit, i.visited, i.visit_day, i.began, i.began_at, i.reached, v.host";
inline constexpr std::string_view kWithNames =
    ", p.name, h.name FROM incidents i LEFT JOIN people p ON p.number = i.person"
    " LEFT JOIN events v ON v.sequence = i.visit LEFT JOIN hosts h ON h.number = v.host";
inline constexpr std::string_view kWithoutNames =
    ", NULL, NULL FROM incidents i LEFT JOIN events v ON v.sequence = i.visit";
inline constexpr std::string_view kIncidentColumns = Joined<kIncidentsOwn, kWithNames>::kText;
/// person's number, group, category, reached at least
inline constexpr std::string_view kThatAnEventMayJoin =
    " WHERE i.person = ?1 AND i.reached >= ?4 AND i.state IN ('new', 'in_review')"
    " AND (?1 <> 0 OR (i.group_id = ?2 AND i.category = ?3)) ORDER BY i.reached DESC, i.number DESC LIMIT 64";
inline constexpr std::string_view kIncidentsToJoin = Joined<kIncidentsOwn, kWithoutNames, kThatAnEventMayJoin>::kText;
inline constexpr std::string_view kWithNumber = " WHERE i.number = ?";
inline constexpr std::string_view kIncidentByNumber = Joined<kIncidentColumns, kWithNumber>::kText;
inline constexpr std::string_view kByNumber = " ORDER BY i.number";
inline constexpr std::string_view kAllIncidents = Joined<kIncidentColumns, kByNumber>::kText;
inline constexpr std::string_view kWriteIncident =
    "INSERT OR REPLACE INTO incidents (number, person, group_id, category, categories, risk, gravest, severity, review,"
    " pattern, weighed, state, first, last, changed, count, visits, days, hosts, reports, unerased, visit, visited,"
    " visit_day, began, began_at, reached) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
inline constexpr std::string_view kLastIncident = "SELECT max(number) FROM incidents";
inline constexpr std::string_view kHasHost = "SELECT 1 FROM events WHERE host = ? AND incident = ? LIMIT 1";
inline constexpr std::string_view kReportIncident =
    "UPDATE incidents SET reports = reports + 1, changed = max(changed, ?) WHERE number = ?";
/// state ('' keeps it), time, number
inline constexpr std::string_view kReviewIncident =
    "UPDATE incidents SET state = CASE WHEN ?1 = '' THEN state ELSE ?1 END, changed = max(changed, ?2)"
    " WHERE number = ?3";
inline constexpr std::string_view kReadClock = "SELECT time, elapsed FROM clock WHERE one = 1";
inline constexpr std::string_view kWriteClock = "UPDATE clock SET time = ?, elapsed = ? WHERE one = 1";
inline constexpr std::string_view kAddTotals =
    "INSERT INTO totals (day, category, group_id, kind, events, navigations, first, last) VALUES (?,?,?,?,?,?,?,?)"
    " ON CONFLICT DO UPDATE SET events = events + excluded.events, navigations = navigations + excluded.navigations,"
    " first = min(first, excluded.first), last = max(last, excluded.last)";

/// since, until, person's number (-1: all), category, risk, severity, group, state, open only (0 or 1), without
/// background (0 or 1), changed after, part of a host; then limit and offset.
inline constexpr std::string_view kIncidentsThatFit =
    " WHERE i.last >= ?1 AND i.first < ?2 AND (?3 < 0 OR i.person = ?3)"
    " AND (?4 = '' OR i.category = ?4 OR instr(' ' || i.categories || ' ', ' ' || ?4 || ' ') > 0) AND (?5 = '' OR "
    "i.risk = ?5)"
    " AND (?6 = '' OR i.severity = ?6) AND (?7 = '' OR i.group_id = ?7) AND (?8 = '' OR i.state = ?8)"
    " AND (?9 = 0 OR i.state IN ('new', 'in_review')) AND (?10 = 0 OR i.pattern <> 'background') AND i.changed > ?11";
inline constexpr std::string_view kWithHost =
    " AND (?12 = '' OR i.number IN (SELECT incident FROM events WHERE host IN"
    " (SELECT number FROM hosts WHERE instr(name, ?12) > 0)))";
/// The same for a text that so many hosts hold that most incidents have one: each is asked for by itself.
inline constexpr std::string_view kWithCommonHost =
    " AND EXISTS (SELECT 1 FROM events e WHERE e.incident = i.number AND +e.host IN"
    " (SELECT number FROM hosts WHERE instr(name, ?12) > 0))";
inline constexpr std::string_view kCountEventsOfHost =
    "SELECT count(*) FROM (SELECT 1 FROM events WHERE host IN (SELECT number FROM hosts WHERE instr(name, ?1) > 0)"
    " LIMIT ?2)";
inline constexpr std::string_view kLatestChangeFirst = " ORDER BY i.changed DESC, i.number DESC LIMIT ?13 OFFSET ?14";
inline constexpr std::string_view kIncidents =
    Joined<kIncidentColumns, kIncidentsThatFit, kWithHost, kLatestChangeFirst>::kText;
inline constexpr std::string_view kIncidentsOfCommonHost =
    Joined<kIncidentColumns, kIncidentsThatFit, kWithCommonHost, kLatestChangeFirst>::kText;
inline constexpr std::string_view kCount = "SELECT count(*) FROM incidents i";
inline constexpr std::string_view kCountIncidents = Joined<kCount, kIncidentsThatFit, kWithHost>::kText;
inline constexpr std::string_view kCountUpTo = "SELECT count(*) FROM (SELECT 1 FROM incidents i";
inline constexpr std::string_view kAtMost = " LIMIT ?13)";
inline constexpr std::string_view kCountIncidentsOfCommonHost =
    Joined<kCountUpTo, kIncidentsThatFit, kWithCommonHost, kAtMost>::kText;

/// Whether a text of the entry's body is the name ?1. Looked into only where the quoted name stands, or a backslash
/// that may spell it otherwise; a body that is no JSON is searched as it is.
inline constexpr std::string_view kBodyHoldsName =
    "((instr(e.body, '\"' || ?1 || '\"') > 0 OR instr(e.body, char(92)) > 0 OR NOT json_valid(e.body))"
    " AND CASE WHEN json_valid(e.body) THEN EXISTS (SELECT 1 FROM json_tree(e.body) WHERE type = 'text' AND atom = ?1)"
    " ELSE instr(e.body, ?1) > 0 END)";
/// person's name, since, until, kind, subject, actor's number (-1: all), person's number (-1: all, -2: without one),
/// incident (0: all), limit. Whoever an entry is about stands in its column, or in its body where there are several.
inline constexpr std::string_view kEntriesThatMayFit =
    " WHERE e.time >= ?2 AND e.time < ?3 AND (?4 = '' OR e.kind = ?4) AND (?5 = '' OR e.subject = ?5)"
    " AND (?6 < 0 OR e.actor = ?6) AND (?8 = 0 OR e.incident = ?8)"
    " AND (?7 = -1 OR e.person = ?7 OR (e.person = 0 AND ";
inline constexpr std::string_view kTwoEnds = "))";
inline constexpr std::string_view kEntriesThatFit = Joined<kEntriesThatMayFit, kBodyHoldsName, kTwoEnds>::kText;
inline constexpr std::string_view kEntriesOfKind = " AND e.kind = ?4";
inline constexpr std::string_view kEntriesOfPerson = " AND e.person IN (?7, 0)";
inline constexpr std::string_view kEntriesOfOneIncident = " AND e.incident = ?8";
/// For evidence: what was done, not who looked.
inline constexpr std::string_view kDoneAbout = " WHERE e.incident = ? AND e.kind <> 'access' ORDER BY e.sequence";
inline constexpr std::string_view kDoneAboutIncident = Joined<kEntryColumns, kDoneAbout>::kText;
inline constexpr std::string_view kEntriesOldest = " ORDER BY e.sequence LIMIT ?9";
inline constexpr std::string_view kEntriesNewest = " ORDER BY e.sequence DESC LIMIT ?9";
inline constexpr std::string_view kEntriesOldestFirst = Joined<kEntryColumns, kEntriesThatFit, kEntriesOldest>::kText;
inline constexpr std::string_view kEntriesNewestFirst = Joined<kEntryColumns, kEntriesThatFit, kEntriesNewest>::kText;
inline constexpr std::string_view kKindsEntriesOldest =
    Joined<kEntryColumns, kEntriesThatFit, kEntriesOfKind, kEntriesOldest>::kText;
inline constexpr std::string_view kKindsEntriesNewest =
    Joined<kEntryColumns, kEntriesThatFit, kEntriesOfKind, kEntriesNewest>::kText;
inline constexpr std::string_view kPersonsEntriesOldest =
    Joined<kEntryColumns, kEntriesThatFit, kEntriesOfPerson, kEntriesOldest>::kText;
inline constexpr std::string_view kPersonsEntriesNewest =
    Joined<kEntryColumns, kEntriesThatFit, kEntriesOfPerson, kEntriesNewest>::kText;
inline constexpr std::string_view kIncidentsEntriesOldest =
    Joined<kEntryColumns, kEntriesThatFit, kEntriesOfOneIncident, kEntriesOldest>::kText;
inline constexpr std::string_view kIncidentsEntriesNewest =
    Joined<kEntryColumns, kEntriesThatFit, kEntriesOfOneIncident, kEntriesNewest>::kText;

inline constexpr std::string_view kTotalsOfDays =
    "SELECT day, category, group_id, kind, events, navigations FROM totals WHERE day >= ? AND day < ?"
    " ORDER BY day, category, group_id, kind";
inline constexpr std::string_view kCountersOfDays =
    "SELECT day, category, group_id, count FROM counters WHERE day >= ? AND day < ? ORDER BY day, category, group_id";
inline constexpr std::string_view kReportsOfDays =
    "SELECT time / 86400000, kind, count(*) FROM reports WHERE time >= ?1 * 86400000 AND time < ?2 * 86400000"
    " GROUP BY 1, 2 ORDER BY 1, 2";
inline constexpr std::string_view kStatesOfDays =
    "SELECT state, count(*) FROM incidents WHERE first >= ?1 * 86400000 AND first < ?2 * 86400000"
    " AND pattern <> 'background' GROUP BY state";
/// from, before
inline constexpr std::string_view kIncidentsBegun =
    "SELECT number, state, first FROM incidents WHERE first >= ? AND first < ? AND pattern <> 'background'";
inline constexpr std::string_view kIncidentsOpen =
    "SELECT count(*), coalesce(min(first), 0) FROM incidents WHERE state IN ('new', 'in_review')"
    " AND pattern <> 'background'";
inline constexpr std::string_view kMembers =
    "SELECT DISTINCT i.group_id, p.name FROM incidents i JOIN people p ON p.number = i.person WHERE p.name <> ''";
/// The first and the last event that carry a time of these days; the clock may have been set back in between.
inline constexpr std::string_view kReach = "SELECT min(first), max(last) FROM totals WHERE day >= ? AND day <= ?";

// Erasure. Limits of time: observed, low (and events without a severity), medium, high, critical.
inline constexpr std::string_view kExpired =
    "SELECT e.sequence FROM events e JOIN classes c ON c.number = e.class WHERE e.erased IS NULL"
    " AND e.time < CASE WHEN c.kind = 'observed' THEN ?1 WHEN c.severity = 'medium' THEN ?3"
    " WHEN c.severity = 'high' THEN ?4 WHEN c.severity = 'critical' THEN ?5 ELSE ?2 END ORDER BY e.sequence";
inline constexpr std::string_view kEventsOfPerson = "SELECT sequence FROM events WHERE person = ? AND erased IS NULL";
inline constexpr std::string_view kEventToErase =
    "SELECT digest, incident, person, host, length(salt) FROM events WHERE sequence = ? AND erased IS NULL";
inline constexpr std::string_view kEraseEvent =
    "UPDATE events SET erased = ?, person = NULL, host = NULL, url = NULL, words = NULL, span = NULL, losers = NULL,"
    " salt = NULL WHERE sequence = ?";
inline constexpr std::string_view kReportDigests =
    "SELECT sequence, digest, length(salt) FROM reports WHERE event = ? AND erased IS NULL";
inline constexpr std::string_view kEraseReport =
    "UPDATE reports SET erased = ?, person = NULL, words = NULL, salt = NULL WHERE sequence = ?";
inline constexpr std::string_view kExpiredEntries =
    "SELECT e.sequence FROM entries e LEFT JOIN incidents i ON i.number = e.incident WHERE e.erased IS NULL"
    " AND ((e.keep <> 0 AND e.keep < ?) OR (e.keep = 0 AND e.incident <> 0 AND coalesce(i.unerased, 0) = 0))"
    " ORDER BY e.sequence";
/// person's name, person's number (-2: without one)
inline constexpr std::string_view kEntriesAbout =
    "SELECT e.sequence FROM entries e WHERE e.erased IS NULL AND (e.person = ?2 OR (e.actor = ?2 AND e.person = 0)"
    " OR e.incident IN (SELECT number FROM incidents WHERE person = ?2) OR ";
inline constexpr std::string_view kEndInOrder = ") ORDER BY e.sequence";
inline constexpr std::string_view kEntriesOfName = Joined<kEntriesAbout, kBodyHoldsName, kEndInOrder>::kText;
inline constexpr std::string_view kEntryToErase =
    "SELECT digest, actor, person FROM entries WHERE sequence = ? AND erased IS NULL";
inline constexpr std::string_view kEraseEntry =
    "UPDATE entries SET erased = ?, actor = NULL, person = NULL, body = NULL, salt = NULL WHERE sequence = ?";
inline constexpr std::string_view kLeaveIncident = "UPDATE incidents SET unerased = unerased - 1 WHERE number = ?";
inline constexpr std::string_view kForgetIncidents =
    "UPDATE incidents SET person = NULL WHERE number = ? AND unerased = 0";
inline constexpr std::string_view kForgetPerson =
    "UPDATE people SET name = NULL, key = NULL WHERE number = ?1 AND number <> 0"
    " AND NOT EXISTS (SELECT 1 FROM events WHERE person = ?1) AND NOT EXISTS (SELECT 1 FROM incidents WHERE person = "
    "?1)"
    " AND NOT EXISTS (SELECT 1 FROM entries WHERE actor = ?1) AND NOT EXISTS (SELECT 1 FROM entries WHERE person = ?1)";
inline constexpr std::string_view kForgetHost =
    "UPDATE hosts SET name = NULL, key = NULL WHERE number = ?1 AND number <> 0"
    " AND NOT EXISTS (SELECT 1 FROM events WHERE host = ?1)";

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
