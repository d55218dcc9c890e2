#pragma once
// The SQL statements that let things go: what is past its time, and whoever asked to be erased (as in sql.hpp).

#include <string_view>

namespace fairlead::agent::hub::sql {

inline constexpr std::string_view kDropSpans = "DELETE FROM spans WHERE kept = $1 AND day = $2";
inline constexpr std::string_view kDropPart = "DELETE FROM parts WHERE kept = $1 AND day = $2";

namespace sqlite {
inline constexpr std::string_view kDropEvents = "DELETE FROM events WHERE kept = $1 AND day = $2";
}  // namespace sqlite

}  // namespace fairlead::agent::hub::sql
