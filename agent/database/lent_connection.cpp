#include "agent/database/lent_connection.hpp"

namespace fairlead::agent::database {
namespace {

/// Whoever waits for a page can wait for longer than whoever records.
constexpr auto kPatience = "PRAGMA busy_timeout = 5000";

}  // namespace

Result<void> LentConnection::open() {
  if (connection_) return {};
  auto connection = connect(place_);
  if (!connection) return tl::unexpected(std::move(connection).error());
  if ((*connection)->dialect() == Dialect::sqlite) {
    if (auto patient = (*connection)->execute(kPatience); !patient) return patient;
  }
  if (auto prepared = prepare_(**connection); !prepared) return prepared;
  connection_ = std::move(*connection);
  return {};
}

/// One whose state is not known is of no more use; but with one in memory everything would go.
void LentConnection::drop_after(const Error& error) {
  const bool unknown = error.code == Errc::closed || error.code == Errc::broken_store || error.code == Errc::internal;
  if (unknown && place_ != kInMemory) connection_.reset();
}

}  // namespace fairlead::agent::database
