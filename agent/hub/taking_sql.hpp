#pragma once
// The SQL statements with which events are taken (as in sql.hpp). Those under `postgres` that are run for many rows at
// once get an array for each value of a row.

#include <string_view>

#include "agent/events/sql.hpp"

namespace fairlead::agent::hub::sql {

// An epoch of a device: the highest sequence that is there, its digest, and how many ranges are missing below it.
inline constexpr std::string_view kBeginStream =
    "INSERT INTO streams (device, epoch, high, digest, gaps) VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kMoveStream =
    "UPDATE streams SET high = $1, digest = $2, gaps = $3 WHERE device = $4 AND epoch = $5";
inline constexpr std::string_view kGaps =
    "SELECT first, last FROM gaps WHERE device = $1 AND epoch = $2 ORDER BY first LIMIT $3";
inline constexpr std::string_view kDropGaps = "DELETE FROM gaps WHERE device = $1 AND epoch = $2";
/// Which partitions hold some of these sequences: device, epoch, to, from.
inline constexpr std::string_view kSpans =
    "SELECT kept, day FROM spans WHERE device = $1 AND epoch = $2 AND low <= $3 AND high >= $4 ORDER BY day, kept";
/// In one partition: kept, day, device, epoch, the lowest row that may stand for one of those, to, from.
inline constexpr std::string_view kKnown =
    "SELECT sequence, digest, id, merged_ids FROM events WHERE kept = $1 AND day = $2 AND device = $3 AND epoch = $4"
    " AND sequence >= $5 AND sequence <= $6 AND (merged > 0 OR sequence >= $7)";
inline constexpr std::string_view kHasPart = "SELECT 1 FROM parts WHERE kept = $1 AND day = $2";
inline constexpr std::string_view kAddPart =
    "INSERT INTO parts (kept, day) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING day";
/// kind, found, group, method, navigation and its sign, category, risk, severity, review, level, ruleset, policy
inline constexpr std::string_view kAddClass =
    "INSERT INTO classes (key, kind, found, group_id, method, navigation, navigation_sign, category, risk, severity,"
    " review, level, ruleset, policy) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    " ON CONFLICT DO NOTHING";
inline constexpr std::string_view kClass = "SELECT number FROM classes WHERE key = $1";
inline constexpr std::string_view kHasHost = "SELECT 1 FROM incident_hosts WHERE host = $1 AND incident = $2";

/// The columns of an incident in their order, without names.
inline constexpr std::string_view kCourse =
    "SELECT i.number, i.person, i.device, i.group_id, i.category, i.categories, i.risk, i.gravest, i.severity,"
    " i.review, i.pattern, i.weighed, i.state, i.first, i.last, i.changed, i.count, i.visits, i.days, i.hosts,"
    " i.reports, i.visit_host, i.visited, i.visit_day, i.began, i.began_at, i.reached, i.first_day, i.observed, i.low,"
    " i.medium, i.high, i.critical, i.merged";

namespace sqlite {
inline constexpr std::string_view kLockStream =
    "SELECT s.high, s.digest, s.gaps, d.site FROM streams s LEFT JOIN devices d ON d.number = s.device"
    " WHERE s.device = $1 AND s.epoch = $2";
inline constexpr std::string_view kAddGap = "INSERT INTO gaps (device, epoch, first, last) VALUES ($1, $2, $3, $4)";
inline constexpr std::string_view kLockPeople =
    "SELECT number, device, name, observed, low, medium, high, critical FROM people WHERE device = $1 AND name = $2";
inline constexpr std::string_view kKeepPerson =
    "UPDATE people SET observed = $1, low = $2, medium = $3, high = $4, critical = $5 WHERE number = $6";
inline constexpr std::string_view kAddPerson =
    "INSERT INTO people (device, name, shown) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kHosts = "SELECT number, name, day FROM hosts WHERE name = $1";
inline constexpr std::string_view kAddHost =
    "INSERT INTO hosts (name, day) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET day = max(day, excluded.day)";
/// person, reached at least, group, category: NULL for both where the person is known; site: no incident is of two. The
/// site is not looked up by its index: it has very many incidents, and a person few.
inline constexpr std::string_view kThatAreOpen =
    " FROM incidents i WHERE i.person = $1 AND i.touched >= $2 / 86400000 AND i.reached >= $2 AND i.state IN ('new', "
    "'in_review')"
    " AND ($3 IS NULL OR (i.group_id = $3 AND i.category = $4)) AND +i.site = $5 ORDER BY i.reached DESC, i.number "
    "DESC "
    "LIMIT 64";
inline constexpr std::string_view kOpenCourses = events::sql::Joined<kCourse, kThatAreOpen>::kText;
inline constexpr std::string_view kIncidentNumbers =
    "UPDATE hub SET incidents = incidents + $1 WHERE one = 1 RETURNING incidents";
inline constexpr std::string_view kAddEvent =
    "INSERT INTO events (kept, day, device, epoch, sequence, moment, time, taken, erased, class, incident, person, "
    "digest, id, rule, source, url, host, words, span, losers, merged, merged_until, merged_ids) VALUES ($1, $2, $3, "
    "$4, "
    "$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
inline constexpr std::string_view kAddIncident =
    "INSERT INTO incidents (number, person, device, group_id, category, categories, risk, gravest, severity, review, "
    "pattern, weighed, state, first, last, changed, count, visits, days, hosts, reports, visit_host, visited, "
    "visit_day, began, began_at, reached, first_day, observed, low, medium, high, critical, merged, site) VALUES ($1, "
    "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, "
    "$26, $27, "
    "$28, $29, $30, $31, $32, $33, $34, $35)";
/// Leaves alone what others write: state, reports.
inline constexpr std::string_view kChangeIncident =
    "UPDATE incidents SET device = $1, category = $2, categories = $3, risk = $4, gravest = $5, severity = $6, "
    "review = $7, pattern = $8, weighed = $9, first = $10, last = $11, changed = max(changed, $12), count = $13, "
    "visits = $14, days = $15, hosts = $16, visit_host = $17, visited = $18, visit_day = $19, reached = $20, "
    "first_day = $21, observed = $22, low = $23, medium = $24, high = $25, critical = $26, merged = $27 WHERE number = "
    "$28";
inline constexpr std::string_view kAddIncidentHost =
    "INSERT INTO incident_hosts (host, incident) VALUES ($1, $2) ON CONFLICT DO NOTHING";
inline constexpr std::string_view kAddTotals =
    "INSERT INTO totals (day, category, group_id, kind, slot, site, events, navigations) VALUES ($1, $2, $3, $4, $5, "
    "$6,"
    " $7, $8)"
    " ON CONFLICT DO UPDATE SET events = events + excluded.events, navigations = navigations + excluded.navigations";
inline constexpr std::string_view kAddSpan =
    "INSERT INTO spans (device, epoch, kept, day, low, high) VALUES ($1, $2, $3, $4, $5, $6)"
    " ON CONFLICT DO UPDATE SET low = min(low, excluded.low), high = max(high, excluded.high)";
}  // namespace sqlite

namespace postgres {
inline constexpr std::string_view kShareDevice = "SELECT 1 FROM devices WHERE number = $1 FOR SHARE";
inline constexpr std::string_view kLockParts = "SELECT pg_advisory_xact_lock(7019872)";
inline constexpr std::string_view kLockStream =
    "SELECT s.high, s.digest, s.gaps, d.site FROM streams s LEFT JOIN devices d ON d.number = s.device"
    " WHERE s.device = $1 AND s.epoch = $2 FOR UPDATE OF s";
inline constexpr std::string_view kAddGap =
    "INSERT INTO gaps (device, epoch, first, last) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],"
    " $4::bigint[])";
/// Whoever writes about people locks them first, the lowest number first, so that nobody waits in a circle.
inline constexpr std::string_view kLockPeople =
    "SELECT p.number, p.device, p.name, p.observed, p.low, p.medium, p.high, p.critical FROM people p JOIN "
    "unnest($1::bigint[], $2::text[]) AS u(device, name)"
    " ON p.device = u.device AND p.name = u.name ORDER BY p.number FOR UPDATE OF p";
inline constexpr std::string_view kAddPerson =
    "INSERT INTO people (device, name, shown) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])"
    " ON CONFLICT DO NOTHING";
inline constexpr std::string_view kKeepPeople =
    "UPDATE people p SET observed = u.observed, low = u.low, medium = u.medium, high = u.high, critical = u.critical"
    " FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])"
    " AS u(observed, low, medium, high, critical, number) WHERE p.number = u.number";
inline constexpr std::string_view kHosts = "SELECT number, name, day FROM hosts WHERE name = ANY($1::text[])";
inline constexpr std::string_view kAddHost =
    "INSERT INTO hosts (name, day) SELECT * FROM unnest($1::text[], $2::bigint[])"
    " ON CONFLICT (name) DO UPDATE SET day = greatest(hosts.day, excluded.day)";
inline constexpr std::string_view kThatAreOpen =
    " FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[])"
    " AS u(person, since, group_id, category, site),"
    " LATERAL (SELECT * FROM incidents o WHERE o.person = u.person AND o.touched >= u.since / 86400000"
    " AND o.reached >= u.since"
    " AND o.state IN ('new', 'in_review') AND (u.group_id IS NULL OR (o.group_id = u.group_id AND"
    " o.category = u.category)) AND o.site + 0 = u.site ORDER BY o.reached DESC, o.number DESC LIMIT 64) AS i"
    " ORDER BY i.reached DESC, i.number DESC";
inline constexpr std::string_view kOpenCourses = events::sql::Joined<kCourse, kThatAreOpen>::kText;
inline constexpr std::string_view kIncidentNumbers =
    "SELECT nextval('incident_numbers') FROM generate_series(1, CAST($1 AS BIGINT))";
inline constexpr std::string_view kAddEvents =
    "COPY events (kept, day, device, epoch, sequence, moment, time, taken, erased, class, incident, person, digest, id,"
    " rule, source, url, host, words, span, losers, merged, merged_until, merged_ids) FROM STDIN";
inline constexpr std::string_view kAddIncidents =
    "COPY incidents (number, person, device, group_id, category, categories, risk, gravest, severity, review, pattern,"
    " weighed, state, first, last, changed, count, visits, days, hosts, reports, visit_host, visited, visit_day, began,"
    " began_at, reached, first_day, observed, low, medium, high, critical, merged, site) FROM STDIN";
inline constexpr std::string_view kChangeIncident =
    "UPDATE incidents i SET device = u.device, category = u.category, categories = u.categories, risk = u.risk,"
    " gravest = u.gravest, severity = u.severity, review = u.review, pattern = u.pattern, weighed = u.weighed,"
    " first = u.first, last = u.last, changed = greatest(i.changed, u.changed), count = u.count, visits = u.visits,"
    " days = u.days, hosts = u.hosts, visit_host = u.visit_host, visited = u.visited, visit_day = u.visit_day,"
    " reached = u.reached, first_day = u.first_day, observed = u.observed, low = u.low, medium = u.medium,"
    " high = u.high, critical = u.critical, merged = u.merged"
    " FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
    " $9::text[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],"
    " $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[],"
    " $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[]) AS u(device, category,"
    " categories,"
    " risk, gravest, severity, review, pattern, weighed, first, last, changed, count, visits, days, hosts, visit_host,"
    " visited, visit_day, reached, first_day, observed, low, medium, high, critical, merged, number)"
    " WHERE i.number = u.number";
inline constexpr std::string_view kAddIncidentHost =
    "INSERT INTO incident_hosts (host, incident) SELECT * FROM unnest($1::bigint[], $2::bigint[])"
    " ON CONFLICT DO NOTHING";
inline constexpr std::string_view kAddTotals =
    "INSERT INTO totals AS t (day, category, group_id, kind, slot, site, events, navigations) SELECT * FROM"
    " unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])"
    " ON CONFLICT (day, category, group_id, kind, slot, site)"
    " DO UPDATE SET events = t.events + excluded.events, navigations = t.navigations + excluded.navigations";
inline constexpr std::string_view kAddSpan =
    "INSERT INTO spans AS s (device, epoch, kept, day, low, high) SELECT * FROM unnest($1::bigint[], $2::bigint[],"
    " $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) ON CONFLICT (device, epoch, kept, day)"
    " DO UPDATE SET low = least(s.low, excluded.low), high = greatest(s.high, excluded.high)";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
