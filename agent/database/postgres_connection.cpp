// libpq stays in this file and in libpq.hpp.

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "agent/events/digest.hpp"
#include "agent/database/connection.hpp"
#include "agent/database/libpq.hpp"

namespace fairlead::agent::database {
namespace {

// pg_type.dat: the types of columns that this program makes or counts with.
constexpr Oid kBytea = 17, kInt8 = 20, kInt4 = 23, kInt2 = 21;
constexpr int kText = 0, kBinary = 1;

struct Finish {
  void operator()(PGconn* connection) const { libpq()->finish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { libpq()->clear(result); }
};
struct Free {
  void operator()(unsigned char* bytes) const { libpq()->free(bytes); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

/// SQLSTATE, "PostgreSQL Error Codes" in its documentation. Only what tells of connections, rights and room is quoted:
/// other messages may hold values.
tl::unexpected<Error> failure(PGconn* connection, const PGresult* result) {
  const char* field = result == nullptr ? nullptr : libpq()->error_field(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? std::string_view() : field;
  const auto is_of = [&](std::string_view kind) { return state.starts_with(kind); };
  if (libpq()->status(connection) != CONNECTION_OK || is_of("08") || is_of("57P"))
    return fail(Errc::closed, Side::upstream, "the database went away");
  // A standby that was asked to write: whoever is the primary now is another one.
  if (state == "25006") return fail(Errc::closed, Side::upstream, "the database takes no writes: it is a standby");
  // 57014: it waited for longer than statement_timeout. 23514: the partition went meanwhile, because its time is up.
  if (is_of("40") || state == "55P03" || state == "57014" || state == "23514")
    return fail(Errc::timed_out, Side::upstream, "another transaction was in the way");
  if (is_of("53"))
    return fail(Errc::disk_full, Side::upstream, "the database has no room (" + std::string(state) + ")");
  if (is_of("42501")) return fail(Errc::denied, Side::upstream, "the database account may not do this");
  return fail(Errc::broken_store, Side::upstream, "the database refused a statement (" + std::string(state) + ")");
}

/// Parameters as libpq wants them; texts are borrowed from the values.
class Parameters {
 public:
  explicit Parameters(std::span<const Value> values) {
    numbers_.reserve(values.size());
    for (const Value& value : values) {
      std::string_view text;
      bool binary = false, null = false;
      if (const auto* number = std::get_if<std::int64_t>(&value)) {
        text = numbers_.emplace_back(std::to_string(*number));
      } else if (const auto* words = std::get_if<std::string>(&value)) {
        text = *words;
      } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
        text = bytes->value;
        binary = true;
      } else {
        null = true;
      }
      texts_.push_back(null ? nullptr : text.data() == nullptr ? "" : text.data());
      sizes_.push_back(static_cast<int>(text.size()));
      formats_.push_back(binary ? kBinary : kText);
    }
  }
  [[nodiscard]] int count() const { return static_cast<int>(texts_.size()); }
  [[nodiscard]] const char* const* texts() const { return texts_.data(); }
  [[nodiscard]] const int* sizes() const { return sizes_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  std::vector<std::string> numbers_;
  std::vector<const char*> texts_;
  std::vector<int> sizes_, formats_;
};

Value value_at(const PGresult* result, int row, int column) {
  if (libpq()->is_null(result, row, column) != 0) return {};
  const char* text = libpq()->value(result, row, column);
  const auto size = static_cast<std::size_t>(libpq()->length(result, row, column));
  const Oid type = libpq()->type(result, column);
  if (type == kInt8 || type == kInt4 || type == kInt2) {
    std::int64_t number = 0;
    std::from_chars(text, text + size, number);
    return number;
  }
  if (type == kBytea) {
    std::size_t length = 0;
    const std::unique_ptr<unsigned char, Free> bytes(
        libpq()->unescape_bytes(reinterpret_cast<const unsigned char*>(text), &length));
    return bytes ? Bytes{{reinterpret_cast<const char*>(bytes.get()), length}} : Bytes{};
  }
  return std::string(text, size);
}

/// A row as COPY reads it. "File Formats", "Text Format" in the documentation of COPY.
void add_line(std::string& out, const Row& row) {
  for (const Value& value : row) {
    if (&value != &row.front()) out += '\t';
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      out += std::to_string(*number);
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
      out += "\\\\x" + events::hex(bytes->value);
    } else if (const auto* words = std::get_if<std::string>(&value)) {
      for (const char c : *words) {
        switch (c) {
          case '\\':
            out += "\\\\";
            break;
          case '\t':
            out += "\\t";
            break;
          case '\n':
            out += "\\n";
            break;
          case '\r':
            out += "\\r";
            break;
          default:
            out += c;
        }
      }
    } else {
      out += "\\N";
    }
  }
  out += '\n';
}

/// One column of the rows as an array. "Array Input and Output Syntax" in the documentation of arrays.
std::string array_of(std::span<const Row> rows, std::size_t column) {
  std::string out = "{";
  for (const Row& row : rows) {
    if (&row != &rows.front()) out += ',';
    const Value& value = row[column];
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      out += std::to_string(*number);
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
      out += "\"\\\\x" + events::hex(bytes->value) + '"';
    } else if (const auto* words = std::get_if<std::string>(&value)) {
      out += '"';
      for (const char c : *words) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += '"';
    } else {
      out += "NULL";
    }
  }
  return out + '}';
}

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(std::unique_ptr<PGconn, Finish> connection) : connection_(std::move(connection)) {}

  Result<Rows> run(std::string_view sql, std::span<const Value> parameters) override {
    auto name = prepared(sql, parameters.size());
    if (!name) return tl::unexpected(std::move(name).error());
    const Parameters given(parameters);
    const Answer answer(libpq()->run_prepared(connection_.get(), name->c_str(), given.count(), given.texts(),
                                              given.sizes(), given.formats(), kText));
    const auto status = libpq()->result_status(answer.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return failure(connection_.get(), answer.get());
    Rows out(static_cast<std::size_t>(libpq()->rows(answer.get())));
    for (int row = 0; row < libpq()->rows(answer.get()); ++row)
      for (int column = 0; column < libpq()->columns(answer.get()); ++column)
        out[static_cast<std::size_t>(row)].push_back(value_at(answer.get(), row, column));
    return out;
  }

  Result<void> add_rows(std::string_view sql, std::span<const Row> rows) override {
    if (rows.empty()) return {};
    PGconn* connection = connection_.get();
    const Answer begun(libpq()->run(connection, std::string(sql).c_str()));
    if (libpq()->result_status(begun.get()) != PGRES_COPY_IN) return failure(connection, begun.get());
    std::string text;
    for (const Row& row : rows) add_line(text, row);
    const bool sent = libpq()->put_copy_data(connection, text.data(), static_cast<int>(text.size())) == 1 &&
                      libpq()->put_copy_end(connection, nullptr) == 1;
    if (!sent) return failure(connection, nullptr);
    Result<void> out;
    while (const Answer answer{libpq()->next_result(connection)})
      if (libpq()->result_status(answer.get()) != PGRES_COMMAND_OK && out) out = failure(connection, answer.get());
    return out;
  }

  Result<Rows> run_for(std::string_view sql, std::span<const Row> rows) override {
    if (rows.empty()) return Rows();
    std::vector<Value> columns;
    for (std::size_t i = 0; i < rows.front().size(); ++i) columns.emplace_back(array_of(rows, i));
    return run(sql, columns);
  }

  Result<void> execute(std::string_view sql) override {
    const Answer answer(libpq()->run(connection_.get(), std::string(sql).c_str()));
    const auto status = libpq()->result_status(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return failure(connection_.get(), answer.get());
    return {};
  }

  Dialect dialect() const override { return Dialect::postgres; }

 private:
  Result<std::string> prepared(std::string_view sql, std::size_t parameters) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second;
    std::string name = "s" + std::to_string(statements_.size());
    const Answer answer(libpq()->prepare(connection_.get(), name.c_str(), std::string(sql).c_str(),
                                         static_cast<int>(parameters), nullptr));
    if (libpq()->result_status(answer.get()) != PGRES_COMMAND_OK) return failure(connection_.get(), answer.get());
    return statements_.emplace(sql, std::move(name)).first->second;
  }

  std::unique_ptr<PGconn, Finish> connection_;
  std::map<std::string_view, std::string> statements_;
};

}  // namespace

Result<std::unique_ptr<Connection>> connect_postgres(const std::string& place) {
  if (!libpq()) return tl::unexpected(libpq().error());
  // What the URI says comes after these and wins.
  constexpr const char* kNames[] = {"connect_timeout",  "keepalives_idle", "tcp_user_timeout",
                                    "application_name", "dbname",          nullptr};
  const char* values[] = {"5", "10", "15000", "fairlead", place.c_str(), nullptr};
  std::unique_ptr<PGconn, Finish> connection(libpq()->connect(kNames, values, 1));
  if (libpq()->status(connection.get()) != CONNECTION_OK) {
    std::string why = libpq()->error_message(connection.get());
    std::replace(why.begin(), why.end(), '\n', ' ');
    return fail(Errc::closed, Side::upstream, "no connection to the database: " + why);
  }
  auto out = std::make_unique<PostgresConnection>(std::move(connection));
  // A statement that hangs on a lock or a dead disk must not hold a thread of the hub for good.
  if (auto ready = out->execute("SET statement_timeout = '30s'; SET lock_timeout = '10s'; SET client_encoding = "
                                "'UTF8'; SET client_min_messages = 'warning'");
      !ready)
    return tl::unexpected(std::move(ready).error());
  return out;
}

}  // namespace fairlead::agent::database
