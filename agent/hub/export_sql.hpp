#pragma once
// The SQL of what waits for a collector of security events (as in sql.hpp). A trigger puts each new blocked attempt
// into the queue, inside the transaction that takes it: who takes events knows nothing of the queue, and pays nothing
// for it where there is none.

#include <string_view>

namespace fairlead::agent::hub::sql {

namespace sqlite {
inline constexpr std::string_view kHasQueue = "SELECT count(*) FROM sqlite_schema WHERE name = 'export_queue'";
inline constexpr std::string_view kMakeQueue = R"(
CREATE TABLE export_queue (
  number INTEGER PRIMARY KEY AUTOINCREMENT, kept TEXT NOT NULL, day INTEGER NOT NULL, device INTEGER NOT NULL, epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL
) STRICT;
CREATE TRIGGER export_events AFTER INSERT ON events
  WHEN EXISTS (SELECT 1 FROM classes WHERE number = NEW.class AND kind = 'blocked') BEGIN
  INSERT INTO export_queue (kept, day, device, epoch, sequence)
    VALUES (NEW.kept, NEW.day, NEW.device, NEW.epoch, NEW.sequence);
END;
)";
inline constexpr std::string_view kDropQueue =
    "DROP TRIGGER IF EXISTS export_events; DROP TABLE IF EXISTS export_queue;";
/// How many. All but the number and the device are null where the event is not there any more.
inline constexpr std::string_view kQueued =
    "SELECT q.number, d.id, e.epoch, e.sequence, e.digest, e.moment, e.taken, c.category, c.risk, c.severity, c.kind,"
    " c.group_id, p.name, e.host, e.url, e.merged FROM export_queue q LEFT JOIN devices d ON d.number = q.device"
    " LEFT JOIN events e ON e.device = q.device AND e.epoch = q.epoch AND e.sequence = q.sequence"
    " LEFT JOIN classes c ON c.number = e.class LEFT JOIN people p ON p.number = e.person ORDER BY q.number LIMIT $1";
inline constexpr std::string_view kTakeOut = "DELETE FROM export_queue WHERE number = $1";
}  // namespace sqlite

namespace postgres {
inline constexpr std::string_view kHasQueue =
    "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('export_queue')";
inline constexpr std::string_view kMakeQueue = R"(
CREATE TABLE export_queue (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kept TEXT NOT NULL, day BIGINT NOT NULL, device BIGINT NOT NULL,
  epoch BIGINT NOT NULL, sequence BIGINT NOT NULL
);
CREATE FUNCTION export_events() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO export_queue (kept, day, device, epoch, sequence)
    SELECT f.kept, f.day, f.device, f.epoch, f.sequence FROM fresh f JOIN classes c ON c.number = f.class
    WHERE c.kind = 'blocked';
  RETURN NULL;
END $$;
CREATE TRIGGER export_events AFTER INSERT ON events REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION export_events();
)";
inline constexpr std::string_view kDropQueue =
    "DROP TRIGGER IF EXISTS export_events ON events; DROP FUNCTION IF EXISTS export_events;"
    " DROP TABLE IF EXISTS export_queue;";
/// Held until this connection ends: of several hubs one exports.
inline constexpr std::string_view kHoldQueue =
    "SELECT CAST(CASE WHEN pg_try_advisory_lock(7019873) THEN 1 ELSE 0 END AS BIGINT)";
/// One partition is looked into for each.
inline constexpr std::string_view kQueued =
    "SELECT q.number, d.id, e.epoch, e.sequence, e.digest, e.moment, e.taken, c.category, c.risk, c.severity, c.kind,"
    " c.group_id, p.name, e.host, e.url, e.merged"
    " FROM (SELECT * FROM export_queue ORDER BY number LIMIT CAST($1 AS BIGINT)) q LEFT JOIN devices d ON d.number = "
    "q.device"
    " LEFT JOIN LATERAL (SELECT * FROM events o WHERE o.kept = q.kept AND o.day = q.day AND o.device = q.device"
    " AND o.epoch = q.epoch AND o.sequence = q.sequence LIMIT 1) e ON true"
    " LEFT JOIN classes c ON c.number = e.class LEFT JOIN people p ON p.number = e.person ORDER BY q.number";
inline constexpr std::string_view kTakeOut =
    "DELETE FROM export_queue q USING unnest($1::bigint[]) AS u(number) WHERE q.number = u.number";
}  // namespace postgres

}  // namespace fairlead::agent::hub::sql
