#include "agent/database/lent_connection.hpp"

#include <utility>

namespace fairlead::agent::database {

Result<void> LentConnection::open() {
  if (connection_) return {};
  auto connection = connect(place_);
  if (!connection) return tl::unexpected(std::move(connection).error());
  if (auto prepared = prepare_(**connection); !prepared) return prepared;
  connection_ = std::move(*connection);
  return {};
}

}  // namespace fairlead::agent::database
