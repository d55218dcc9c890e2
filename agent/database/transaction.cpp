#include "agent/database/transaction.hpp"

namespace fairlead::agent::database {
namespace {

constexpr std::string_view kBegin = "BEGIN IMMEDIATE", kBeginInPostgres = "BEGIN";
constexpr std::string_view kCommit = "COMMIT", kRollback = "ROLLBACK";

}  // namespace

Result<void> in_transaction(Connection& connection, const std::function<Result<void>()>& task) {
  if (auto begun = connection.execute(in(connection, kBegin, kBeginInPostgres)); !begun) return begun;
  auto done = task();
  if (done) done = connection.execute(kCommit);
  if (!done) static_cast<void>(connection.execute(kRollback));  // the first error counts
  return done;
}

}  // namespace fairlead::agent::database
