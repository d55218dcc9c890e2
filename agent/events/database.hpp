#pragma once
// One SQLite connection and its statements, owned and with errors as values. It knows no table.
// A connection and its statements belong to one thread at a time. Contexts of errors never hold stored values.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace fairlead::agent::events {

enum class ColumnKind : std::uint8_t { null, integer, text, bytes };

class Statement {
 public:
  /// Parameters are numbered on from 1 in the order of the calls. Text and bytes are borrowed until run() or reset().
  Statement& integer(std::uint64_t value);
  Statement& text(std::string_view value);
  Statement& bytes(std::string_view value);
  Statement& null();

  /// Moves to the next row: true when there is one.
  [[nodiscard]] Result<bool> step();
  /// Runs to the end and makes the statement ready for new parameters.
  [[nodiscard]] Result<void> run();
  void reset();

  [[nodiscard]] std::uint64_t integer_at(int column) const;
  /// Text or bytes; valid until the next step() or reset(). Empty for NULL.
  [[nodiscard]] std::string_view bytes_at(int column) const;
  [[nodiscard]] bool null_at(int column) const;
  [[nodiscard]] ColumnKind kind_at(int column) const;
  /// Of the row that it stands on.
  [[nodiscard]] int columns() const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_ = 1;
};

class Database {
 public:
  /// Opens or makes the file, readable by its owner alone.
  /// Errors   disk_full; denied (permission, cannot be opened); timed_out (locked by another); broken_store (damaged).
  [[nodiscard]] static Result<Database> open_to_write(const std::filesystem::path& file);

  /// Opens an existing file beside its writer, or on a disk that cannot be written.
  /// Errors   Errc::not_found, and those above.
  [[nodiscard]] static Result<Database> open_to_read(const std::filesystem::path& file);

  [[nodiscard]] static Result<Database> in_memory();

  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;
  [[nodiscard]] Result<void> execute(const char* sql) const;
  /// The first value of the first row, 0 when there is none.
  [[nodiscard]] Result<std::uint64_t> number(std::string_view sql) const;
  [[nodiscard]] std::uint64_t changes() const;
  [[nodiscard]] bool in_transaction() const;

  /// Pages in the write-ahead log after the last commit.
  [[nodiscard]] int log_pages() const { return *log_pages_; }
  /// Moves the write-ahead log into the file as far as readers permit; with `empty_log` also cuts it to nothing.
  /// Returns whether it was done to the end; waits for nobody.
  bool checkpoint(bool empty_log) const;

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}
  [[nodiscard]] static Result<Database> open(const std::string& name, int flags, const char* vfs);

  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);
  std::unique_ptr<sqlite3, Close> connection_;
};

/// Rolls back at the end of the block unless it was committed.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(const Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(const Database& database) : database_(&database) {}
  const Database* database_;  // the caller's, which outlives the block; null once committed
};

/// Keeps all statements of one reading on the same moment of the file, to the end of the outermost block.
class Snapshot {
 public:
  explicit Snapshot(const Database& database);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  [[nodiscard]] const Result<void>& begun() const { return begun_; }

 private:
  const Database& database_;  // the caller's, which outlives the block
  bool outermost_;
  Result<void> begun_;
};

}  // namespace fairlead::agent::events
