#pragma once
// All or nothing of what is done with a database.

#include <functional>
#include <string_view>

#include "agent/database/connection.hpp"

namespace fairlead::agent::database {

/// Commits when the task came to its end, else takes back what it did. Its first error counts.
[[nodiscard]] Result<void> in_transaction(Connection& connection, const std::function<Result<void>()>& task);

/// The text that this database reads.
[[nodiscard]] inline std::string_view in(const Connection& connection, std::string_view sqlite,
                                         std::string_view postgres) {
  return connection.dialect() == Dialect::sqlite ? sqlite : postgres;
}

}  // namespace fairlead::agent::database
