#pragma once
// The tables of the hub, version 5, as both databases make them. README.md tells what they mean. Texts about people
// stand in few places: events (by day), people, hosts, reports, entries and notices; everything else holds their
// numbers. What exceptions say is about groups. Nearly every event changes its incident: no index holds a column of it
// that changes more than once a day, so that such a change costs no index anything. A person's row, and an incident's,
// tell the last day of its events by how long those are kept.

#include <cstdint>
#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::int64_t kTablesVersion = 5;

namespace sqlite {
inline constexpr std::string_view kTables = R"(
CREATE TABLE hub (
  one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, accounts TEXT NOT NULL, incidents INTEGER NOT NULL,
  rewrite INTEGER NOT NULL, believed INTEGER NOT NULL, doubted INTEGER NOT NULL, observed INTEGER NOT NULL, low INTEGER NOT NULL, medium INTEGER NOT NULL, high INTEGER NOT NULL,
  critical INTEGER NOT NULL
) STRICT;
INSERT INTO hub (one, version, accounts, incidents, rewrite, believed, doubted, observed, low, medium, high, critical)
  VALUES (1, 5, 'local', 0, 0, 0, 0, 30, 30, 90, 180, 365);
CREATE TABLE sites (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE devices (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, group_id TEXT NOT NULL, name TEXT NOT NULL, enrolled INTEGER NOT NULL,
  seen INTEGER NOT NULL, revoked INTEGER NOT NULL, health TEXT NOT NULL, site INTEGER NOT NULL, exceptions TEXT NOT NULL
) STRICT;
CREATE TABLE codes (
  digest BLOB PRIMARY KEY, group_id TEXT NOT NULL, left_over INTEGER NOT NULL, expires INTEGER NOT NULL, made INTEGER NOT NULL,
  site INTEGER NOT NULL
) STRICT;
CREATE TABLE redeemed (code BLOB NOT NULL, device TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (code, device)) STRICT;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE TABLE streams (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, high INTEGER NOT NULL, digest BLOB NOT NULL, gaps INTEGER NOT NULL,
  PRIMARY KEY (device, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE gaps (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (device, epoch, first)
) STRICT;
CREATE TABLE parts (
  kept TEXT NOT NULL, day INTEGER NOT NULL, rewrite INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kept, day)
) STRICT;
CREATE TABLE spans (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, kept TEXT NOT NULL, day INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
  PRIMARY KEY (device, epoch, kept, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX spans_by_part ON spans (kept, day);
CREATE TABLE events (
  kept TEXT NOT NULL, day INTEGER NOT NULL, device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
  moment INTEGER NOT NULL, time INTEGER NOT NULL, taken INTEGER NOT NULL, erased INTEGER NOT NULL, class INTEGER NOT NULL,
  incident INTEGER NOT NULL, person INTEGER NOT NULL, digest BLOB NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL,
  source TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL, words TEXT NOT NULL, span TEXT NOT NULL, losers TEXT NOT NULL,
  merged INTEGER NOT NULL, merged_until INTEGER NOT NULL, merged_ids TEXT NOT NULL, PRIMARY KEY (device, epoch, sequence)
) STRICT;
CREATE INDEX events_by_moment ON events (day, moment);
CREATE INDEX events_by_part ON events (kept, day);
CREATE INDEX events_outside ON events (moment) WHERE incident = 0;
CREATE INDEX events_by_person ON events (person, moment);
CREATE INDEX events_by_class ON events (class, moment);
CREATE INDEX events_by_id ON events (id);
CREATE INDEX events_merged ON events (moment) WHERE merged > 0;
CREATE TABLE classes (
  number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, found TEXT NOT NULL, group_id TEXT NOT NULL,
  method TEXT NOT NULL, navigation TEXT NOT NULL, navigation_sign TEXT NOT NULL, category TEXT NOT NULL,
  risk TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL, level TEXT NOT NULL, ruleset TEXT NOT NULL,
  policy TEXT NOT NULL
) STRICT;
CREATE TABLE people (
  number INTEGER PRIMARY KEY AUTOINCREMENT, device INTEGER NOT NULL, name TEXT NOT NULL, shown TEXT NOT NULL,
  observed INTEGER NOT NULL DEFAULT 0, low INTEGER NOT NULL DEFAULT 0, medium INTEGER NOT NULL DEFAULT 0, high INTEGER NOT NULL DEFAULT 0,
  critical INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX people_by_name ON people (device, name);
CREATE UNIQUE INDEX people_by_shown ON people (shown) WHERE shown <> '';
CREATE TABLE hosts (number INTEGER PRIMARY KEY AUTOINCREMENT, day INTEGER NOT NULL, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE incidents (
  number INTEGER PRIMARY KEY, person INTEGER, device INTEGER NOT NULL, group_id TEXT NOT NULL, category TEXT NOT NULL,
  categories TEXT NOT NULL, risk TEXT NOT NULL, gravest TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL,
  pattern TEXT NOT NULL, weighed TEXT NOT NULL, state TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  changed INTEGER NOT NULL, count INTEGER NOT NULL, visits INTEGER NOT NULL, days INTEGER NOT NULL, hosts INTEGER NOT NULL,
  reports INTEGER NOT NULL, visit_host INTEGER NOT NULL, visited INTEGER NOT NULL, visit_day INTEGER NOT NULL, began INTEGER NOT NULL,
  began_at INTEGER NOT NULL, reached INTEGER NOT NULL, first_day INTEGER NOT NULL, observed INTEGER NOT NULL, low INTEGER NOT NULL,
  medium INTEGER NOT NULL, high INTEGER NOT NULL, critical INTEGER NOT NULL, merged INTEGER NOT NULL, site INTEGER NOT NULL,
  touched INTEGER GENERATED ALWAYS AS (max(changed, reached) / 86400000) STORED
) STRICT;
CREATE INDEX incidents_by_person ON incidents (person, touched);
CREATE INDEX incidents_by_changed ON incidents (touched);
CREATE INDEX incidents_by_site ON incidents (site, touched);
CREATE TABLE incident_hosts (
  incident INTEGER NOT NULL, host INTEGER NOT NULL, PRIMARY KEY (incident, host)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_hosts_by_host ON incident_hosts (host);
CREATE TABLE totals (
  day INTEGER NOT NULL, category TEXT NOT NULL, group_id TEXT NOT NULL, kind TEXT NOT NULL, slot INTEGER NOT NULL, site INTEGER NOT NULL,
  events INTEGER NOT NULL, navigations INTEGER NOT NULL, PRIMARY KEY (day, category, group_id, kind, slot, site)
) STRICT, WITHOUT ROWID;
CREATE TABLE reports (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, event TEXT NOT NULL, time INTEGER NOT NULL,
  kind TEXT NOT NULL, person INTEGER NOT NULL, words TEXT NOT NULL, erased INTEGER NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (device, epoch, sequence)
) STRICT;
CREATE INDEX reports_by_event ON reports (event);
CREATE INDEX reports_by_time ON reports (time);
CREATE INDEX reports_by_person ON reports (person);
CREATE TABLE entries (
  number INTEGER PRIMARY KEY AUTOINCREMENT, device INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
  incident INTEGER NOT NULL, keep INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, actor TEXT NOT NULL,
  person INTEGER NOT NULL, body TEXT NOT NULL, erased INTEGER NOT NULL, digest BLOB NOT NULL DEFAULT x'',
  sites TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX entries_of_laptops ON entries (device, epoch, sequence) WHERE device <> 0;
CREATE INDEX entries_by_incident ON entries (incident) WHERE incident <> 0;
CREATE INDEX entries_by_kind ON entries (kind, time);
CREATE INDEX entries_by_person ON entries (person, kind);
CREATE TABLE book_streams (
  device INTEGER NOT NULL, epoch INTEGER NOT NULL, part TEXT NOT NULL, high INTEGER NOT NULL, PRIMARY KEY (device, epoch, part)
) STRICT;
CREATE TABLE notices (id TEXT PRIMARY KEY, device INTEGER NOT NULL, made INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX notices_by_device ON notices (device, made);
CREATE TABLE exceptions (
  id TEXT PRIMARY KEY, about TEXT NOT NULL, groups TEXT NOT NULL, body TEXT NOT NULL, sites TEXT NOT NULL, made INTEGER NOT NULL,
  ends INTEGER NOT NULL, closed INTEGER NOT NULL, closed_by TEXT NOT NULL, next TEXT NOT NULL
) STRICT;
CREATE TABLE releases (
  version INTEGER PRIMARY KEY, manifest TEXT NOT NULL, signature TEXT NOT NULL, bundle_key TEXT NOT NULL,
  key_signature TEXT NOT NULL, published INTEGER NOT NULL, stages TEXT NOT NULL, wait INTEGER NOT NULL, stage INTEGER NOT NULL,
  stage_since INTEGER NOT NULL, stopped TEXT NOT NULL
) STRICT;
CREATE TABLE device_rules (
  device TEXT PRIMARY KEY, version INTEGER NOT NULL, failing TEXT NOT NULL, failing_version INTEGER NOT NULL, started TEXT NOT NULL,
  blocked INTEGER NOT NULL, told INTEGER NOT NULL, compared_with INTEGER NOT NULL, blocks INTEGER NOT NULL, heard_for INTEGER NOT NULL
) STRICT;
CREATE TABLE erasures (
  device INTEGER NOT NULL, notice TEXT NOT NULL, entry INTEGER NOT NULL, salt BLOB NOT NULL, digest BLOB NOT NULL, asked INTEGER NOT NULL,
  confirmed INTEGER NOT NULL, PRIMARY KEY (device, notice)
) STRICT;
)";
}  // namespace sqlite

namespace postgres {
// PostgreSQL keeps samples of a column's values for its planner: none of those that tell of people.
inline constexpr std::string_view kTables = R"(
CREATE TABLE hub (
  one BIGINT PRIMARY KEY CHECK (one = 1), version BIGINT NOT NULL, accounts TEXT NOT NULL, incidents BIGINT NOT NULL,
  rewrite BIGINT NOT NULL, believed BIGINT NOT NULL, doubted BIGINT NOT NULL, observed BIGINT NOT NULL, low BIGINT NOT NULL, medium BIGINT NOT NULL, high BIGINT NOT NULL,
  critical BIGINT NOT NULL
);
INSERT INTO hub (one, version, accounts, incidents, rewrite, believed, doubted, observed, low, medium, high, critical)
  VALUES (1, 5, 'local', 0, 0, 0, 0, 30, 30, 90, 180, 365);
CREATE TABLE sites (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE devices (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE, group_id TEXT NOT NULL, name TEXT NOT NULL, enrolled BIGINT NOT NULL,
  seen BIGINT NOT NULL, revoked BIGINT NOT NULL, health TEXT NOT NULL, site BIGINT NOT NULL, exceptions TEXT NOT NULL
);
CREATE TABLE codes (
  digest BYTEA PRIMARY KEY, group_id TEXT NOT NULL, left_over BIGINT NOT NULL, expires BIGINT NOT NULL, made BIGINT NOT NULL,
  site BIGINT NOT NULL
);
CREATE TABLE redeemed (code BYTEA NOT NULL, device TEXT NOT NULL, time BIGINT NOT NULL, PRIMARY KEY (code, device));
CREATE TABLE audit (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, time BIGINT NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE TABLE streams (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, high BIGINT NOT NULL, digest BYTEA NOT NULL, gaps BIGINT NOT NULL,
  PRIMARY KEY (device, epoch)
) WITH (fillfactor = 50);
CREATE TABLE gaps (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (device, epoch, first)
);
CREATE TABLE parts (
  kept TEXT NOT NULL, day BIGINT NOT NULL, rewrite BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (kept, day)
);
CREATE TABLE spans (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, kept TEXT NOT NULL, day BIGINT NOT NULL, low BIGINT NOT NULL, high BIGINT NOT NULL,
  PRIMARY KEY (device, epoch, kept, day)
) WITH (fillfactor = 50);
CREATE INDEX spans_by_part ON spans (kept, day);
CREATE TABLE events (
  kept TEXT NOT NULL, day BIGINT NOT NULL, device BIGINT NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL,
  moment BIGINT NOT NULL, time BIGINT NOT NULL, taken BIGINT NOT NULL, erased BIGINT NOT NULL, class BIGINT NOT NULL,
  incident BIGINT NOT NULL, person BIGINT NOT NULL, digest BYTEA NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL,
  source TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL, words TEXT NOT NULL, span TEXT NOT NULL, losers TEXT NOT NULL,
  merged BIGINT NOT NULL, merged_until BIGINT NOT NULL, merged_ids TEXT NOT NULL
) PARTITION BY LIST (kept);
CREATE TABLE events_observed PARTITION OF events FOR VALUES IN ('observed') PARTITION BY RANGE (day);
CREATE TABLE events_low PARTITION OF events FOR VALUES IN ('low') PARTITION BY RANGE (day);
CREATE TABLE events_medium PARTITION OF events FOR VALUES IN ('medium') PARTITION BY RANGE (day);
CREATE TABLE events_high PARTITION OF events FOR VALUES IN ('high') PARTITION BY RANGE (day);
CREATE TABLE events_critical PARTITION OF events FOR VALUES IN ('critical') PARTITION BY RANGE (day);
CREATE TABLE classes (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key BYTEA NOT NULL UNIQUE, kind TEXT NOT NULL, found TEXT NOT NULL, group_id TEXT NOT NULL,
  method TEXT NOT NULL, navigation TEXT NOT NULL, navigation_sign TEXT NOT NULL, category TEXT NOT NULL,
  risk TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL, level TEXT NOT NULL, ruleset TEXT NOT NULL,
  policy TEXT NOT NULL
);
CREATE TABLE people (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device BIGINT NOT NULL, name TEXT NOT NULL, shown TEXT NOT NULL,
  observed BIGINT NOT NULL DEFAULT 0, low BIGINT NOT NULL DEFAULT 0, medium BIGINT NOT NULL DEFAULT 0, high BIGINT NOT NULL DEFAULT 0,
  critical BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX people_by_name ON people (device, name);
CREATE UNIQUE INDEX people_by_shown ON people (shown) WHERE shown <> '';
CREATE TABLE hosts (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, day BIGINT NOT NULL, name TEXT NOT NULL UNIQUE);
CREATE TABLE incidents (
  number BIGINT PRIMARY KEY, person BIGINT, device BIGINT NOT NULL, group_id TEXT NOT NULL, category TEXT NOT NULL,
  categories TEXT NOT NULL, risk TEXT NOT NULL, gravest TEXT NOT NULL, severity TEXT NOT NULL, review TEXT NOT NULL,
  pattern TEXT NOT NULL, weighed TEXT NOT NULL, state TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL,
  changed BIGINT NOT NULL, count BIGINT NOT NULL, visits BIGINT NOT NULL, days BIGINT NOT NULL, hosts BIGINT NOT NULL,
  reports BIGINT NOT NULL, visit_host BIGINT NOT NULL, visited BIGINT NOT NULL, visit_day BIGINT NOT NULL, began BIGINT NOT NULL,
  began_at BIGINT NOT NULL, reached BIGINT NOT NULL, first_day BIGINT NOT NULL, observed BIGINT NOT NULL, low BIGINT NOT NULL,
  medium BIGINT NOT NULL, high BIGINT NOT NULL, critical BIGINT NOT NULL, merged BIGINT NOT NULL, site BIGINT NOT NULL,
  touched BIGINT GENERATED ALWAYS AS (greatest(changed, reached) / 86400000) STORED
) WITH (fillfactor = 70);
CREATE INDEX incidents_by_person ON incidents (person, touched);
CREATE INDEX incidents_by_changed ON incidents (touched);
CREATE INDEX incidents_by_site ON incidents (site, touched);
CREATE TABLE incident_hosts (
  incident BIGINT NOT NULL, host BIGINT NOT NULL, PRIMARY KEY (incident, host)
);
CREATE INDEX incident_hosts_by_host ON incident_hosts (host);
CREATE TABLE totals (
  day BIGINT NOT NULL, category TEXT NOT NULL, group_id TEXT NOT NULL, kind TEXT NOT NULL, slot BIGINT NOT NULL, site BIGINT NOT NULL,
  events BIGINT NOT NULL, navigations BIGINT NOT NULL, PRIMARY KEY (day, category, group_id, kind, slot, site)
) WITH (fillfactor = 50);
CREATE TABLE reports (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL, event TEXT NOT NULL, time BIGINT NOT NULL,
  kind TEXT NOT NULL, person BIGINT NOT NULL, words TEXT NOT NULL, erased BIGINT NOT NULL, digest BYTEA NOT NULL,
  PRIMARY KEY (device, epoch, sequence)
);
CREATE INDEX reports_by_event ON reports (event);
CREATE INDEX reports_by_time ON reports (time);
CREATE INDEX reports_by_person ON reports (person);
CREATE TABLE entries (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device BIGINT NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL, time BIGINT NOT NULL,
  incident BIGINT NOT NULL, keep BIGINT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, actor TEXT NOT NULL,
  person BIGINT NOT NULL, body TEXT NOT NULL, erased BIGINT NOT NULL, digest BYTEA NOT NULL DEFAULT '',
  sites TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX entries_of_laptops ON entries (device, epoch, sequence) WHERE device <> 0;
CREATE INDEX entries_by_incident ON entries (incident) WHERE incident <> 0;
CREATE INDEX entries_by_kind ON entries (kind, time);
CREATE INDEX entries_by_person ON entries (person, kind);
CREATE TABLE book_streams (
  device BIGINT NOT NULL, epoch BIGINT NOT NULL, part TEXT NOT NULL, high BIGINT NOT NULL, PRIMARY KEY (device, epoch, part)
);
CREATE TABLE notices (id TEXT PRIMARY KEY, device BIGINT NOT NULL, made BIGINT NOT NULL, body TEXT NOT NULL);
CREATE INDEX notices_by_device ON notices (device, made);
CREATE TABLE exceptions (
  id TEXT PRIMARY KEY, about TEXT NOT NULL, groups TEXT NOT NULL, body TEXT NOT NULL, sites TEXT NOT NULL, made BIGINT NOT NULL,
  ends BIGINT NOT NULL, closed BIGINT NOT NULL, closed_by TEXT NOT NULL, next TEXT NOT NULL
);
CREATE TABLE releases (
  version BIGINT PRIMARY KEY, manifest TEXT NOT NULL, signature TEXT NOT NULL, bundle_key TEXT NOT NULL,
  key_signature TEXT NOT NULL, published BIGINT NOT NULL, stages TEXT NOT NULL, wait BIGINT NOT NULL, stage BIGINT NOT NULL,
  stage_since BIGINT NOT NULL, stopped TEXT NOT NULL
);
CREATE TABLE device_rules (
  device TEXT PRIMARY KEY, version BIGINT NOT NULL, failing TEXT NOT NULL, failing_version BIGINT NOT NULL, started TEXT NOT NULL,
  blocked BIGINT NOT NULL, told BIGINT NOT NULL, compared_with BIGINT NOT NULL, blocks BIGINT NOT NULL, heard_for BIGINT NOT NULL
);
CREATE TABLE erasures (
  device BIGINT NOT NULL, notice TEXT NOT NULL, entry BIGINT NOT NULL, salt BYTEA NOT NULL, digest BYTEA NOT NULL, asked BIGINT NOT NULL,
  confirmed BIGINT NOT NULL, PRIMARY KEY (device, notice)
);
CREATE SEQUENCE incident_numbers;
CREATE FUNCTION instr(TEXT, TEXT) RETURNS INT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT strpos($1, $2)';
ALTER TABLE people ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE people ALTER COLUMN shown SET STATISTICS 0;
ALTER TABLE hosts ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE reports ALTER COLUMN words SET STATISTICS 0;
ALTER TABLE entries ALTER COLUMN actor SET STATISTICS 0;
ALTER TABLE entries ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE notices ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE exceptions ALTER COLUMN about SET STATISTICS 0;
ALTER TABLE exceptions ALTER COLUMN body SET STATISTICS 0;
)";

/// Of a partition, whose name stands for each '%': what it has besides the columns. Alone on each of them, so that one
/// is made and dropped without the others. Each index is paid for by every event that comes: those of an incident are
/// found by its person.
inline constexpr std::string_view kPartition = R"(
ALTER TABLE % ADD PRIMARY KEY (device, epoch, sequence);
CREATE INDEX ON % (moment);
CREATE INDEX ON % (moment) WHERE incident = 0;
CREATE INDEX ON % (person, moment);
CREATE INDEX ON % (class, moment);
CREATE INDEX ON % (id);
CREATE INDEX ON % (moment) WHERE merged > 0;
ALTER TABLE % ALTER COLUMN rule SET STATISTICS 0, ALTER COLUMN url SET STATISTICS 0, ALTER COLUMN host SET STATISTICS 0,
  ALTER COLUMN words SET STATISTICS 0, ALTER COLUMN span SET STATISTICS 0, ALTER COLUMN losers SET STATISTICS 0;
)";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
