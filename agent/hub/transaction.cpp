#include "agent/hub/transaction.hpp"

#include "agent/hub/sql.hpp"

namespace fairlead::agent::hub {

Result<void> in_transaction(Connection& connection, const std::function<Result<void>()>& task) {
  if (auto begun = connection.execute(in(connection, sql::sqlite::kBegin, sql::postgres::kBegin)); !begun) return begun;
  auto done = task();
  if (done) done = connection.execute(sql::kCommit);
  if (!done) static_cast<void>(connection.execute(sql::kRollback));  // the first error counts
  return done;
}

}  // namespace fairlead::agent::hub
