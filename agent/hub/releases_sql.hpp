#pragma once
// Every SQL statement about releases of rules. Both databases read them. Values travel as parameters only, and $1, $2 …
// appear in their order.

#include <string_view>

namespace fairlead::agent::hub::sql {

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
