#pragma once
// The SQL of what the hub's metrics count (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

/// Heard of since: devices that may hand in something, those of them that were heard of, devices that may not.
inline constexpr std::string_view kCountDevices =
    "SELECT count(CASE WHEN revoked = 0 THEN 1 END), count(CASE WHEN revoked = 0 AND seen >= $1 THEN 1 END),"
    " count(CASE WHEN revoked <> 0 THEN 1 END) FROM devices";
inline constexpr std::string_view kCountNotices = "SELECT count(*) FROM notices";

}  // namespace fairlead::agent::hub::sql
