#pragma once
// How values stand in rows: times as milliseconds since 1970, numbers as 64-bit integers.

#include <chrono>
#include <cstdint>
#include <string>

#include "agent/database/connection.hpp"

namespace fairlead::agent::database {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] inline std::int64_t column_of(Time time) { return time.time_since_epoch().count(); }
[[nodiscard]] inline std::int64_t column_of(std::uint64_t number) { return static_cast<std::int64_t>(number); }

[[nodiscard]] inline std::int64_t number_at(const Row& row, std::size_t column) {
  return std::get<std::int64_t>(row[column]);
}
[[nodiscard]] inline std::uint64_t count_at(const Row& row, std::size_t column) {
  return static_cast<std::uint64_t>(number_at(row, column));
}
[[nodiscard]] inline Time time_at(const Row& row, std::size_t column) {
  return Time(std::chrono::milliseconds(number_at(row, column)));
}
[[nodiscard]] inline bool null_at(const Row& row, std::size_t column) {
  return std::holds_alternative<std::monostate>(row[column]);
}
/// Empty where there is none.
[[nodiscard]] inline std::string text_at(const Row& row, std::size_t column) {
  return null_at(row, column) ? std::string() : std::get<std::string>(row[column]);
}
[[nodiscard]] inline std::string bytes_at(const Row& row, std::size_t column) {
  return std::get<Bytes>(row[column]).value;
}

}  // namespace fairlead::agent::database
