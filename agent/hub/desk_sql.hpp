#pragma once
// The SQL statements by which the desk reads what laptops handed in, and writes the book (as in sql.hpp). An empty
// text, or -1 for a number, does not filter: PostgreSQL plans each of them for the values it is given.

#include <string_view>

#include "agent/hub/taking_sql.hpp"

namespace fairlead::agent::hub::sql {

// Incidents.
inline constexpr std::string_view kIncidentNames =
    ", p.shown, h.name, d.id FROM incidents i LEFT JOIN people p ON p.number = i.person"
    " LEFT JOIN hosts h ON h.number = i.visit_host LEFT JOIN devices d ON d.number = i.device";
inline constexpr std::string_view kWithNumber = " WHERE i.number = $1";
inline constexpr std::string_view kIncident = events::sql::Joined<kCourse, kIncidentNames, kWithNumber>::kText;
/// since (twice used: whatever happened later was changed later), until, person (-1: all), category, risk, severity,
/// group, state, open only, without background, changed after.
inline constexpr std::string_view kThatFit =
    " WHERE i.last >= CAST($1 AS BIGINT) AND i.changed >= $1 AND i.touched >= $1 / 86400000 AND i.first < CAST($2 AS "
    "BIGINT)"
    " AND (CAST($3 AS BIGINT) < 0 OR i.person = $3)"
    " AND (CAST($4 AS TEXT) = '' OR i.category = $4 OR instr(' ' || i.categories || ' ', ' ' || $4 || ' ') > 0)"
    " AND (CAST($5 AS TEXT) = '' OR i.risk = $5) AND (CAST($6 AS TEXT) = '' OR i.severity = $6)"
    " AND (CAST($7 AS TEXT) = '' OR i.group_id = $7) AND (CAST($8 AS TEXT) = '' OR i.state = $8)"
    " AND (CAST($9 AS BIGINT) = 0 OR i.state IN ('new', 'in_review'))"
    " AND (CAST($10 AS BIGINT) = 0 OR i.pattern <> 'background') AND i.changed > CAST($11 AS BIGINT)";
inline constexpr std::string_view kLatestChangeFirst =
    " ORDER BY i.touched DESC, i.changed DESC, i.number DESC LIMIT CAST($12 AS BIGINT) OFFSET CAST($13 AS BIGINT)";
inline constexpr std::string_view kIncidents =
    events::sql::Joined<kCourse, kIncidentNames, kThatFit, kLatestChangeFirst>::kText;
inline constexpr std::string_view kCount = "SELECT count(*) FROM incidents i";
inline constexpr std::string_view kCountIncidents = events::sql::Joined<kCount, kThatFit>::kText;
/// The same where one of its events has a host with this text in it: few incidents have one, or very many. Then each is
/// asked in the list's own order until there are enough; as EXISTS, PostgreSQL would look for all of them first.
inline constexpr std::string_view kOfCommonHost =
    " AND (SELECT 1 FROM incident_hosts x JOIN hosts n ON n.number = x.host WHERE x.incident = i.number"
    " AND instr(n.name, CAST($12 AS TEXT)) > 0 LIMIT 1) IS NOT NULL";
inline constexpr std::string_view kLatestOfHost =
    " ORDER BY i.touched DESC, i.changed DESC, i.number DESC LIMIT CAST($13 AS BIGINT) OFFSET CAST($14 AS BIGINT)";
inline constexpr std::string_view kIncidentsOfCommonHost =
    events::sql::Joined<kCourse, kIncidentNames, kThatFit, kOfCommonHost, kLatestOfHost>::kText;
inline constexpr std::string_view kCountUpTo = "SELECT count(*) FROM (SELECT 1 FROM incidents i";
inline constexpr std::string_view kAtMost = " LIMIT CAST($13 AS BIGINT)) AS found";
inline constexpr std::string_view kCountIncidentsOfCommonHost =
    events::sql::Joined<kCountUpTo, kThatFit, kOfCommonHost, kAtMost>::kText;
/// Part of a host, how many at most. Apart from what follows, because PostgreSQL takes a third of all hosts to fit.
inline constexpr std::string_view kHostsWith =
    "SELECT number FROM hosts WHERE instr(name, $1) > 0 LIMIT CAST($2 AS BIGINT)";

// Totals: days from, before.
inline constexpr std::string_view kTotals =
    "SELECT day, category, group_id, kind, CAST(sum(events) AS BIGINT), CAST(sum(navigations) AS BIGINT) FROM totals"
    " WHERE day >= $1 AND day < $2 GROUP BY day, category, group_id, kind ORDER BY day, category, group_id, kind";
inline constexpr std::string_view kReportsOfDays =
    "SELECT time / 86400000, kind, count(*) FROM reports WHERE time >= CAST($1 AS BIGINT) * 86400000"
    " AND time < CAST($2 AS BIGINT) * 86400000 GROUP BY 1, 2 ORDER BY 1, 2";
inline constexpr std::string_view kStatesOfDays =
    "SELECT state, count(*) FROM incidents WHERE first >= CAST($1 AS BIGINT) * 86400000"
    " AND first < CAST($2 AS BIGINT) * 86400000 AND pattern <> 'background' GROUP BY state";

/// from, before
inline constexpr std::string_view kIncidentsBegun =
    "SELECT number, state, first FROM incidents WHERE first >= CAST($1 AS BIGINT) AND first < CAST($2 AS BIGINT)"
    " AND pattern <> 'background'";
inline constexpr std::string_view kIncidentsOpen =
    "SELECT count(*), coalesce(min(first), 0) FROM incidents WHERE state IN ('new', 'in_review')"
    " AND pattern <> 'background'";
inline constexpr std::string_view kMembers =
    "SELECT i.group_id, p.shown FROM (SELECT DISTINCT group_id, person FROM incidents) AS i"
    " JOIN people p ON p.number = i.person WHERE p.shown <> ''";

// Events.
inline constexpr std::string_view kDays = "SELECT DISTINCT day FROM parts WHERE day >= $1 AND day <= $2 ORDER BY day";
inline constexpr std::string_view kClasses =
    "SELECT number FROM classes WHERE (CAST($1 AS TEXT) = '' OR category = $1) AND (CAST($2 AS TEXT) = '' OR risk = $2)"
    " AND (CAST($3 AS TEXT) = '' OR severity = $3) AND (CAST($4 AS TEXT) = '' OR group_id = $4)"
    " AND (CAST($5 AS TEXT) = '' OR kind = $5)";
/// Whether any event is in no incident.
inline constexpr std::string_view kHasOutside =
    "SELECT 1 FROM classes WHERE kind NOT IN ('blocked', 'observed') LIMIT 1";
inline constexpr std::string_view kEventColumns =
    "SELECT e.sequence, e.epoch, d.id, e.moment, e.time, e.id, c.kind, c.found, c.group_id, c.method, c.navigation,"
    " c.navigation_sign, c.category, c.risk, c.severity, c.review, e.rule, e.source, c.level, c.ruleset, c.policy,"
    " p.shown, e.url, e.host, e.words, e.span, e.losers, e.digest, e.erased, e.incident, e.merged, e.merged_until FROM"
    " (SELECT * FROM events e";
inline constexpr std::string_view kEventNames =
    ") AS e LEFT JOIN classes c ON c.number = e.class LEFT JOIN people p ON p.number = e.person"
    " LEFT JOIN devices d ON d.number = e.device";
inline constexpr std::string_view kNewestFirst =
    " ORDER BY e.moment DESC, e.device DESC, e.epoch DESC, e.sequence DESC";
inline constexpr std::string_view kOldestFirst = " ORDER BY e.moment, e.device, e.epoch, e.sequence";
/// Days from, to; severity; moment from, before; person; part of a host; then lists of classes, of incidents and of the
/// people of those, and how many at most. With incident 0, events in none are listed too.
inline constexpr std::string_view kEventsOfDays =
    " WHERE e.day >= $1 AND e.day <= $2 AND (CAST($3 AS TEXT) = '' OR e.kept = $3 OR e.kept = 'observed')"
    " AND e.moment >= $4 AND e.moment < $5 AND (CAST($6 AS BIGINT) < 0 OR e.person = $6)"
    " AND (CAST($7 AS TEXT) = '' OR instr(e.host, $7) > 0)";
inline constexpr std::string_view kSoMany = " LIMIT CAST($11 AS BIGINT)";
/// id, or as_merged() of it; days from, to
inline constexpr std::string_view kWithId = " WHERE e.id = $1 AND e.day >= $2 AND e.day <= $3";
inline constexpr std::string_view kOne = " LIMIT 1";
inline constexpr std::string_view kEventById =
    events::sql::Joined<kEventColumns, kWithId, kNewestFirst, kOne, kEventNames>::kText;
inline constexpr std::string_view kThatStandsFor =
    " WHERE e.merged > 0 AND instr(e.merged_ids, $1) > 0 AND e.day >= $2 AND e.day <= $3";
inline constexpr std::string_view kEventThatStandsFor =
    events::sql::Joined<kEventColumns, kThatStandsFor, kNewestFirst, kOne, kEventNames>::kText;
/// incident, its person (0: erased), its first day, the last days of its events by how long those are kept; limit,
/// offset
inline constexpr std::string_view kOfIncident =
    " WHERE e.incident = $1 AND e.person = $2 AND e.day >= $3 AND ((e.kept = 'observed' AND e.day <= $4) OR (e.kept ="
    " 'low' AND e.day <= $5) OR (e.kept = 'medium' AND e.day <= $6) OR (e.kept = 'high' AND e.day <= $7) OR (e.kept ="
    " 'critical' AND e.day <= $8))";
inline constexpr std::string_view kSomeOf = " LIMIT CAST($9 AS BIGINT) OFFSET CAST($10 AS BIGINT)";
inline constexpr std::string_view kEventsOfIncident =
    events::sql::Joined<kEventColumns, kOfIncident, kOldestFirst, kSomeOf, kEventNames, kOldestFirst>::kText;
inline constexpr std::string_view kWhereabouts =
    "SELECT coalesce(person, 0), first_day, observed, low, medium, high, critical FROM incidents WHERE number = $1";

// Names and the book.
inline constexpr std::string_view kPersonShown = "SELECT number FROM people WHERE shown = $1 AND shown <> ''";
inline constexpr std::string_view kAddPersonOfDesk =
    "INSERT INTO people (device, name, shown) VALUES (0, $1, $2) ON CONFLICT DO NOTHING";
/// since, until, kind, subject, actor, person (-1: all), their name as a body writes it, incident
inline constexpr std::string_view kEntryColumns =
    "SELECT e.number, e.time, e.incident, e.keep, e.kind, e.subject, e.actor, p.shown, e.body, e.erased FROM entries e"
    " LEFT JOIN people p ON p.number = e.person WHERE e.time >= CAST($1 AS BIGINT) AND e.time < CAST($2 AS BIGINT)"
    " AND (CAST($3 AS TEXT) = '' OR e.kind = $3) AND (CAST($4 AS TEXT) = '' OR e.subject = $4)"
    " AND (CAST($5 AS TEXT) = '' OR e.actor = $5) AND (CAST($6 AS BIGINT) = -1 OR e.person = $6 OR"
    " (e.person = 0 AND instr(e.body, CAST($7 AS TEXT)) > 0)) AND (CAST($8 AS BIGINT) = 0 OR e.incident = $8)";
inline constexpr std::string_view kEntriesOldest = " ORDER BY e.time, e.number LIMIT CAST($9 AS BIGINT)";
inline constexpr std::string_view kEntriesNewest = " ORDER BY e.time DESC, e.number DESC LIMIT CAST($9 AS BIGINT)";
inline constexpr std::string_view kEntriesOldestFirst = events::sql::Joined<kEntryColumns, kEntriesOldest>::kText;
inline constexpr std::string_view kEntriesNewestFirst = events::sql::Joined<kEntryColumns, kEntriesNewest>::kText;
/// device, epoch, sequence: 0 of those written at the desk
inline constexpr std::string_view kAddEntry =
    "INSERT INTO entries (device, epoch, sequence, time, incident, keep, kind, subject, actor, person, body, erased,"
    " sites) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12) RETURNING number";
inline constexpr std::string_view kHasIncident = "SELECT 1 FROM incidents WHERE number = $1";
/// state ('' keeps it), time of the change, number
inline constexpr std::string_view kReviewIncident =
    "UPDATE incidents SET state = CASE WHEN CAST($1 AS TEXT) = '' THEN state ELSE $1 END, changed = CASE WHEN"
    " changed < CAST($2 AS BIGINT) THEN $2 ELSE changed END WHERE number = $3 RETURNING number";

namespace sqlite {
/// list of hosts, how many at most
inline constexpr std::string_view kIncidentsOfHosts =
    "SELECT incident FROM incident_hosts WHERE host IN (SELECT value FROM json_each($1)) LIMIT $2";
inline constexpr std::string_view kOfFewHosts = " AND i.number IN (SELECT value FROM json_each($12))";
inline constexpr std::string_view kIncidentsOfFewHosts =
    events::sql::Joined<kCourse, kIncidentNames, kThatFit, kOfFewHosts, kLatestOfHost>::kText;
inline constexpr std::string_view kCountIncidentsOfFewHosts = events::sql::Joined<kCount, kThatFit, kOfFewHosts>::kText;
inline constexpr std::string_view kListedEvents =
    " AND ($8 = '[]' OR e.class IN (SELECT value FROM json_each($8)))"
    " AND ($9 = '[]' OR (e.incident = 0 AND 0 IN (SELECT value FROM json_each($9)))"
    " OR (e.incident IN (SELECT value FROM json_each($9)) AND e.person IN (SELECT value FROM json_each($10))))";
inline constexpr std::string_view kPeopleOfIncidents =
    "SELECT DISTINCT person FROM incidents WHERE number IN (SELECT value FROM json_each($1)) AND person IS NOT NULL";
inline constexpr std::string_view kDaysOfIncidents =
    "SELECT min(first_day), max(max(observed, low, medium, high, critical)) FROM incidents WHERE number IN"
    " (SELECT value FROM json_each($1))";
inline constexpr std::string_view kEventsNewest =
    events::sql::Joined<kEventColumns, kEventsOfDays, kListedEvents, kNewestFirst, kSoMany, kEventNames,
                        kNewestFirst>::kText;
inline constexpr std::string_view kEventsOldest =
    events::sql::Joined<kEventColumns, kEventsOfDays, kListedEvents, kOldestFirst, kSoMany, kEventNames,
                        kOldestFirst>::kText;
inline constexpr std::string_view kReportsOfEvents =
    "SELECT d.id, r.event, r.time, r.kind, p.shown, r.words FROM reports r JOIN devices d ON d.number = r.device"
    " LEFT JOIN people p ON p.number = r.person WHERE r.event = $1";
}  // namespace sqlite

namespace postgres {
/// Each statement is planned for what it is asked: partitions that cannot hold it are not even opened. It finds little
/// in very many of them, so that planning is most of the work: neither several workers nor compiled code are thought
/// of.
inline constexpr std::string_view kPrepareDesk =
    "SET plan_cache_mode = force_custom_plan; SET max_parallel_workers_per_gather = 0; SET jit = off;"
    " SET statement_timeout = '10s'";
inline constexpr std::string_view kIncidentsOfHosts =
    "SELECT incident FROM incident_hosts WHERE host = ANY(CAST($1 AS BIGINT[])) LIMIT CAST($2 AS BIGINT)";
inline constexpr std::string_view kOfFewHosts = " AND i.number = ANY(CAST($12 AS BIGINT[]))";
inline constexpr std::string_view kIncidentsOfFewHosts =
    events::sql::Joined<kCourse, kIncidentNames, kThatFit, kOfFewHosts, kLatestOfHost>::kText;
inline constexpr std::string_view kCountIncidentsOfFewHosts = events::sql::Joined<kCount, kThatFit, kOfFewHosts>::kText;
inline constexpr std::string_view kListedEvents =
    " AND (cardinality(CAST($8 AS BIGINT[])) = 0 OR e.class = ANY($8))"
    " AND (cardinality(CAST($9 AS BIGINT[])) = 0 OR (e.incident = 0 AND 0 = ANY($9)) OR (e.incident = ANY($9) AND"
    " e.person = ANY(CAST($10 AS BIGINT[]))))";
inline constexpr std::string_view kPeopleOfIncidents =
    "SELECT DISTINCT person FROM incidents WHERE number = ANY(CAST($1 AS BIGINT[])) AND person IS NOT NULL";
inline constexpr std::string_view kDaysOfIncidents =
    "SELECT min(first_day), max(greatest(observed, low, medium, high, critical)) FROM incidents WHERE number ="
    " ANY(CAST($1 AS BIGINT[]))";
inline constexpr std::string_view kEventsNewest =
    events::sql::Joined<kEventColumns, kEventsOfDays, kListedEvents, kNewestFirst, kSoMany, kEventNames,
                        kNewestFirst>::kText;
inline constexpr std::string_view kEventsOldest =
    events::sql::Joined<kEventColumns, kEventsOfDays, kListedEvents, kOldestFirst, kSoMany, kEventNames,
                        kOldestFirst>::kText;
inline constexpr std::string_view kReportsOfEvents =
    "SELECT d.id, r.event, r.time, r.kind, p.shown, r.words FROM unnest($1::text[]) AS u(event) JOIN reports r ON"
    " r.event = u.event JOIN devices d ON d.number = r.device LEFT JOIN people p ON p.number = r.person"
    " ORDER BY r.time";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
