#pragma once
// Every SQL statement about releases of rules. Both databases read them. Values travel as parameters only, and $1, $2 …
// appear in their order.

#include <string_view>

namespace fairlead::agent::hub::sql {

namespace postgres {
/// Several hubs that start at once make the tables once.
inline constexpr std::string_view kLockReleases = "SELECT pg_advisory_xact_lock(7019872)";
}  // namespace postgres

inline constexpr std::string_view kReleaseTables = R"(
CREATE TABLE IF NOT EXISTS releases (
  version BIGINT PRIMARY KEY, manifest TEXT NOT NULL, signature TEXT NOT NULL, bundle_key TEXT NOT NULL,
  key_signature TEXT NOT NULL, published BIGINT NOT NULL, stages TEXT NOT NULL, wait BIGINT NOT NULL, stage BIGINT NOT NULL,
  stage_since BIGINT NOT NULL, stopped TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS device_rules (
  device TEXT PRIMARY KEY, version BIGINT NOT NULL, failing TEXT NOT NULL, failing_version BIGINT NOT NULL, started TEXT NOT NULL,
  blocked BIGINT NOT NULL, told BIGINT NOT NULL, compared_with BIGINT NOT NULL, blocks BIGINT NOT NULL, heard_for BIGINT NOT NULL
);
)";

inline constexpr std::string_view kAddRelease =
    "INSERT INTO releases (version, manifest, signature, bundle_key, key_signature, published, stages, wait, stage,"
    " stage_since, stopped) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')";
/// The latest first; what nobody is handed any more is of no use.
inline constexpr std::string_view kReleases =
    "SELECT version, manifest, signature, bundle_key, key_signature, published, stages, wait, stage, stage_since,"
    " stopped FROM releases ORDER BY version DESC LIMIT $1";
inline constexpr std::string_view kLatestRelease = "SELECT coalesce(max(version), 0) FROM releases";
/// Of several hubs that see that it is time one moves it.
inline constexpr std::string_view kMoveRelease =
    "UPDATE releases SET stage = $1, stage_since = $2 WHERE version = $3 AND stage = $4 AND stopped = '' RETURNING "
    "version";
inline constexpr std::string_view kStopRelease =
    "UPDATE releases SET stopped = $1 WHERE version = $2 AND stopped = '' RETURNING version";
inline constexpr std::string_view kGoOnWithRelease =
    "UPDATE releases SET stopped = '', stage_since = $1 WHERE version = $2 AND stopped <> '' RETURNING version";
inline constexpr std::string_view kRevoked = "SELECT id FROM devices WHERE revoked <> 0";

inline constexpr std::string_view kDeviceRules =
    "SELECT version, failing, failing_version, started, blocked, told, compared_with, blocks, heard_for"
    " FROM device_rules WHERE device = $1";
inline constexpr std::string_view kTellDeviceRules =
    "INSERT INTO device_rules (device, version, failing, failing_version, started, blocked, told, compared_with, "
    "blocks,"
    " heard_for) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (device) DO UPDATE SET"
    " version = excluded.version, failing = excluded.failing, failing_version = excluded.failing_version,"
    " started = excluded.started, blocked = excluded.blocked, told = excluded.told,"
    " compared_with = excluded.compared_with, blocks = excluded.blocks, heard_for = excluded.heard_for";
inline constexpr std::string_view kDevicesSince =
    "SELECT device, version, failing, failing_version, compared_with, blocks, heard_for FROM device_rules"
    " WHERE told >= $1";

}  // namespace fairlead::agent::hub::sql
