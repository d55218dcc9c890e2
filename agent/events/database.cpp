#include "agent/events/database.hpp"

#include <string>

#include <sqlite3.h>

namespace fairlead::agent::events {
namespace {

// A writer that is locked out lets its events wait in memory instead; a reader has time.
constexpr int kWriterPatience = 500;  // milliseconds
constexpr int kReaderPatience = 5000;

Errc code_of(int extended) {
  switch (extended & 0xFF) {
    case SQLITE_FULL:
      return Errc::disk_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Errc::broken_store;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Errc::timed_out;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_IOERR:
      return Errc::denied;
    default:
      return Errc::internal;
  }
}

tl::unexpected<Error> failure(sqlite3* connection) {
  const int code = sqlite3_extended_errcode(connection);
  std::string context = sqlite3_errmsg(connection);
  // "disk I/O error" says little: the extended code tells a failed write from a failed sync.
  if ((code & 0xFF) == SQLITE_IOERR) context += " (" + std::to_string(code) + ")";
  return fail(code_of(code), Side::local, std::move(context));
}

std::string plain_path(const std::filesystem::path& file) {
  const std::u8string name = file.u8string();
  return {name.begin(), name.end()};
}

int keep_log_pages(void* kept, sqlite3*, const char*, int pages) {
  *static_cast<int*>(kept) = pages;
  return SQLITE_OK;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

// A bind fails only when memory is out or the index is wrong; step() then reports the misuse or the missing value.
Statement& Statement::integer(std::uint64_t value) {
  sqlite3_bind_int64(statement_.get(), next_++, static_cast<sqlite3_int64>(value));
  return *this;
}

Statement& Statement::text(std::string_view value) {
  // A null pointer would bind NULL instead of the empty text.
  const char* data = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_text64(statement_.get(), next_++, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bytes(std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  sqlite3_bind_blob64(statement_.get(), next_++, data, value.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::null() {
  sqlite3_bind_null(statement_.get(), next_++);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure(sqlite3_db_handle(statement_.get()));
}

Result<void> Statement::run() {
  for (;;) {
    auto row = step();
    if (row && *row) continue;
    reset();
    if (!row) return tl::unexpected(std::move(row).error());
    return {};
  }
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  next_ = 1;
}

std::uint64_t Statement::integer_at(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

std::string_view Statement::bytes_at(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

bool Statement::null_at(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

ColumnKind Statement::kind_at(int column) const {
  switch (sqlite3_column_type(statement_.get(), column)) {
    case SQLITE_NULL:
      return ColumnKind::null;
    case SQLITE_INTEGER:
      return ColumnKind::integer;
    case SQLITE_BLOB:
      return ColumnKind::bytes;
    default:
      return ColumnKind::text;
  }
}

int Statement::columns() const { return sqlite3_data_count(statement_.get()); }

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<Database> Database::open(const std::string& name, int flags, const char* vfs) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, vfs);
  if (raw == nullptr) return fail(Errc::internal, Side::local, "no memory for a database connection");
  Database database(raw);
  if (code != SQLITE_OK) return failure(raw);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, (flags & SQLITE_OPEN_READONLY) != 0 ? kReaderPatience : kWriterPatience);
  // Without locks SQLite must keep the index of the log in memory, which it does for an exclusive user.
  if (vfs != nullptr && !database.execute("PRAGMA locking_mode=EXCLUSIVE")) return failure(raw);
  // Nothing that somebody else wrote into the schema may run code of its choice in this process.
  if (auto set = database.execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA cache_size=-512;");
      !set)
    return tl::unexpected(std::move(set).error());
  return database;
}

Result<Database> Database::open_to_write(const std::filesystem::path& file) {
  auto database = open(plain_path(file), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  if (!database) return database;
  std::error_code ignored;  // a file system without modes keeps its own rules
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
  // In place of SQLite's own hook, which would move the log while somebody waits for the commit.
  sqlite3_wal_hook(database->connection_.get(), keep_log_pages, database->log_pages_.get());
  return database;
}

Result<Database> Database::open_to_read(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    if (error) return fail(Errc::denied, Side::local, plain_path(file.filename()) + ": " + error.message());
    return fail(Errc::not_found, Side::local, "there is no " + plain_path(file.filename()) + " in this state folder");
  }
  auto usual = open(plain_path(file), SQLITE_OPEN_READONLY, nullptr);
  auto readable = usual ? usual->number("SELECT count(*) FROM sqlite_schema") : tl::unexpected(usual.error());
  if (readable) return usual;
  if (readable.error().code != Errc::denied) return tl::unexpected(std::move(readable).error());
  // A writer that was killed in a commit leaves a journal, and only a connection that may write can take it back.
  {
    const auto mending = open(plain_path(file), SQLITE_OPEN_READWRITE, nullptr);
    if (mending && mending->number("SELECT count(*) FROM sqlite_schema"))
      return open(plain_path(file), SQLITE_OPEN_READONLY, nullptr);
  }
  // Or it is a disk on which the shared index of the log cannot be made: then there is no writer either, and reading
  // without locks is safe.
  for (const char* vfs : {"unix-none", "win32-none"}) {
    if (sqlite3_vfs_find(vfs) == nullptr) continue;
    auto alone = open(plain_path(file), SQLITE_OPEN_READONLY, vfs);
    if (alone && alone->number("SELECT count(*) FROM sqlite_schema")) return alone;
  }
  return tl::unexpected(std::move(readable).error());
}

Result<Database> Database::in_memory() { return open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr); }

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr) !=
      SQLITE_OK)
    return failure(connection_.get());
  return Statement(statement);
}

Result<void> Database::execute(const char* sql) const {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(connection_.get());
  return {};
}

Result<std::uint64_t> Database::number(std::string_view sql) const {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(std::move(statement).error());
  auto row = statement->step();
  if (!row) return tl::unexpected(std::move(row).error());
  return *row ? statement->integer_at(0) : 0;
}

std::uint64_t Database::changes() const { return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get())); }

bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

bool Database::checkpoint(bool empty_log) const {
  // A checkpoint that readers hold up, or for which there is no room, is made up for by a later one.
  sqlite3_busy_timeout(connection_.get(), 0);
  const int code = sqlite3_wal_checkpoint_v2(
      connection_.get(), nullptr, empty_log ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  sqlite3_busy_timeout(connection_.get(), kWriterPatience);
  *log_pages_ = 0;
  return code == SQLITE_OK;
}

Result<Transaction> Transaction::begin(const Database& database) {
  if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return tl::unexpected(std::move(begun).error());
  return Transaction(database);
}

Transaction::~Transaction() {
  // After some errors SQLite has rolled back by itself; then this one fails, which is fine.
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  auto committed = database_->execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

Snapshot::Snapshot(const Database& database) : database_(database), outermost_(!database.in_transaction()) {
  if (outermost_) begun_ = database.execute("BEGIN");
}

Snapshot::~Snapshot() {
  if (outermost_) (void)database_.execute("ROLLBACK");
}

}  // namespace fairlead::agent::events
