#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "agent/events/database.hpp"
#include "agent/database/connection.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::database {
namespace {

using events::Database;
using events::Statement;

constexpr int kLongLog = 1000;  // pages
constexpr auto kPrepare =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;";

void bind(Statement& statement, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    statement.integer(static_cast<std::uint64_t>(*number));
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    statement.text(*text);
  } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
    statement.bytes(bytes->value);
  } else {
    statement.null();
  }
}

Row values_of(const Statement& statement) {
  Row out;
  for (int column = 0; column < statement.columns(); ++column) {
    switch (statement.kind_at(column)) {
      case events::ColumnKind::null:
        out.emplace_back();
        break;
      case events::ColumnKind::integer:
        out.emplace_back(static_cast<std::int64_t>(statement.integer_at(column)));
        break;
      case events::ColumnKind::text:
        out.emplace_back(std::string(statement.bytes_at(column)));
        break;
      case events::ColumnKind::bytes:
        out.emplace_back(Bytes{std::string(statement.bytes_at(column))});
        break;
    }
  }
  return out;
}

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(Database database) : database_(std::move(database)) {}

  Result<Rows> run(std::string_view sql, std::span<const Value> parameters) override {
    const auto statement = prepared(sql);
    if (!statement) return tl::unexpected(statement.error());
    for (const Value& value : parameters) bind(**statement, value);
    Rows out;
    for (;;) {
      const auto row = (*statement)->step();
      if (!row) {
        (*statement)->reset();
        return tl::unexpected(row.error());
      }
      if (!*row) break;
      out.push_back(values_of(**statement));
    }
    (*statement)->reset();
    return out;
  }

  Result<void> add_rows(std::string_view sql, std::span<const Row> rows) override {
    for (const Row& row : rows)
      if (auto done = run(sql, row); !done) return tl::unexpected(std::move(done).error());
    return {};
  }

  Result<Rows> run_for(std::string_view sql, std::span<const Row> rows) override {
    Rows out;
    for (const Row& row : rows) {
      auto found = run(sql, row);
      if (!found) return found;
      std::move(found->begin(), found->end(), std::back_inserter(out));
    }
    return out;
  }

  Result<void> execute(std::string_view sql) override {
    auto done = database_.execute(std::string(sql).c_str());
    if (!database_.in_transaction() && database_.log_pages() > kLongLog) database_.checkpoint(false);
    return done;
  }
  Dialect dialect() const override { return Dialect::sqlite; }

 private:
  Result<Statement*> prepared(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return &known->second;
    auto made = database_.prepare(sql);
    if (!made) return tl::unexpected(std::move(made).error());
    return &statements_.emplace(sql, std::move(*made)).first->second;
  }

  Database database_;
  std::map<std::string_view, Statement> statements_;
};

}  // namespace

Result<std::unique_ptr<Connection>> connect_sqlite(const std::string& file) {
  auto database = file == ":memory:" ? Database::in_memory() : Database::open_to_write(file);
  if (!database) return tl::unexpected(std::move(database).error());
  if (auto ready = database->execute(kPrepare); !ready) return tl::unexpected(std::move(ready).error());
  return std::make_unique<SqliteConnection>(std::move(*database));
}

Result<void> copy_sqlite(const std::string& file, const std::string& to) {
  const auto database = Database::open_to_read(file);
  if (!database) return tl::unexpected(database.error());
  auto copying = database->prepare("VACUUM INTO ?");
  if (!copying) return tl::unexpected(std::move(copying).error());
  if (auto done = copying->text(to).run(); !done) return done;
  std::error_code failed;
  std::filesystem::permissions(to, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
  if (failed) return fail(Errc::denied, Side::local, to + ": " + failed.message());
  return platform::sync_file(to);  // SQLite does not
}

Result<std::unique_ptr<Connection>> connect(const std::string& place) {
  constexpr std::string_view kFile = "sqlite:";
  if (place.starts_with(kFile)) return connect_sqlite(place.substr(kFile.size()));
  if (place.starts_with("postgresql://") || place.starts_with("postgres://")) return connect_postgres(place);
  return fail(Errc::bad_file, Side::local, "the store '" + place + "' is neither sqlite:FILE nor postgresql://…");
}

}  // namespace fairlead::agent::database
