#pragma once
// One connection to a database, SQLite or PostgreSQL: statements that both read, parameters $1, $2 … in the
// order of their first appearance. It knows no table. Belongs to one thread at a time. Contexts of errors never hold
// stored values.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::database {

struct Bytes {
  std::string value;
  bool operator==(const Bytes&) const = default;
};
using Value = std::variant<std::monostate, std::int64_t, std::string, Bytes>;
using Row = std::vector<Value>;
using Rows = std::vector<Row>;

/// What both say in words of their own.
enum class Dialect : std::uint8_t { sqlite, postgres };

class Connection {
 public:
  Connection() = default;
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs one statement.
  /// sql      a constant of the program: it is prepared once.
  /// Errors   closed (the database went away: open another connection; whether a commit under way came through is not
  ///          known), timed_out (another transaction was in the way; begin anew), disk_full, denied, broken_store.
  [[nodiscard]] virtual Result<Rows> run(std::string_view sql, std::span<const Value> parameters) = 0;
  [[nodiscard]] Result<Rows> run(std::string_view sql, std::initializer_list<Value> parameters) {
    return run(sql, std::span(parameters.begin(), parameters.size()));
  }
  /// Adds many rows at once.
  /// sql      an INSERT with a parameter for each value, or PostgreSQL's COPY … FROM STDIN.
  [[nodiscard]] virtual Result<void> add_rows(std::string_view sql, std::span<const Row> rows) = 0;
  /// Runs one statement for many rows and gives what it returned for all of them.
  /// sql      SQLite: a statement with a parameter for each value of a row, run once a row. PostgreSQL: one statement
  ///          with an array for each value, as unnest($1::bigint[], $2::text[]) reads them. No rows: nothing is run.
  [[nodiscard]] virtual Result<Rows> run_for(std::string_view sql, std::span<const Row> rows) = 0;
  /// Several statements without parameters, separated by semicolons.
  [[nodiscard]] virtual Result<void> execute(std::string_view sql) = 0;
  [[nodiscard]] virtual Dialect dialect() const = 0;
};

/// A database of its own for whoever connects, gone with the connection.
inline constexpr auto kInMemory = "sqlite::memory:";

/// place    "sqlite:FILE", made where it is not there; kInMemory; or a PostgreSQL URI of one or several hosts
///          ("postgresql://a,b/fairlead?target_session_attrs=read-write").
/// Errors   bad_file (neither of both), and those of run().
[[nodiscard]] Result<std::unique_ptr<Connection>> connect(const std::string& place);

[[nodiscard]] Result<std::unique_ptr<Connection>> connect_sqlite(const std::string& file);
[[nodiscard]] Result<std::unique_ptr<Connection>> connect_postgres(const std::string& place);

/// A copy of a whole SQLite store as it is at one moment, also while hubs write; on the disk when the call returns.
/// to       a file that is not there yet.
/// Errors   those of run().
[[nodiscard]] Result<void> copy_sqlite(const std::string& file, const std::string& to);

}  // namespace fairlead::agent::database
