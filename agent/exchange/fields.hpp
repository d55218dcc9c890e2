#pragma once
// How batches are written and read as JSON, whatever their rows are. For batch.cpp and book_batch.cpp alone.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/pack_parts.hpp"
#include "agent/exchange/batch.hpp"

namespace fairlead::agent::exchange {

inline constexpr std::size_t kFieldBytes = 512;

[[nodiscard]] tl::unexpected<Error> bad(std::string what);
/// SQLite and PostgreSQL count in 63 bits.
[[nodiscard]] std::optional<std::uint64_t> number_at(const nlohmann::json& object, const char* name);
/// Null where it is no text, holds NUL or is longer than `most` bytes.
[[nodiscard]] const std::string* text_at(const nlohmann::json& object, const char* name, std::size_t most);
[[nodiscard]] std::optional<events::TimePoint> time_at(const nlohmann::json& object, const char* name);
/// The raw digest; empty where there is none.
[[nodiscard]] std::string digest_at(const nlohmann::json& object);
[[nodiscard]] bool is_true(const nlohmann::json& object, const char* name);
[[nodiscard]] std::string dump(const nlohmann::json& value);

template <class Word>
std::optional<Word> word_at(const nlohmann::json& object, const char* name, std::initializer_list<Word> known) {
  const std::string* text = text_at(object, name, kFieldBytes);
  if (text == nullptr) return std::nullopt;
  for (const Word one : known)
    if (*text == to_string(one)) return one;
  return std::nullopt;
}

/// All but the rows. Errors: bad_message, too_large.
struct Envelope {
  std::string device;
  std::uint64_t epoch = 0, first = 0;
  std::optional<Mark> mark;
};
[[nodiscard]] Result<Envelope> read_envelope(const nlohmann::json& parsed);

/// write_row   makes the JSON of a row.
template <class Row, class WriteRow>
nlohmann::json object_of(const BatchOf<Row>& batch, WriteRow write_row) {
  nlohmann::json out = {
      {"device", batch.device}, {"epoch", batch.epoch}, {"first", batch.first}, {"rows", nlohmann::json::array()}};
  for (const Row& row : batch.rows) out["rows"].push_back(write_row(row));
  if (batch.mark) {
    out["mark"] = {{"sequence", batch.mark->sequence}, {"digest", events::hex(batch.mark->digest)}};
    if (!batch.mark->id.empty()) out["mark"]["id"] = batch.mark->id;
  }
  return out;
}

/// read_row    reads one row but for device and epoch.
template <class Row, class ReadRow>
Result<BatchOf<Row>> batch_from(const nlohmann::json& parsed, ReadRow read_row) {
  auto envelope = read_envelope(parsed);
  if (!envelope) return tl::unexpected(std::move(envelope).error());
  BatchOf<Row> out{std::move(envelope->device), envelope->epoch, envelope->first, {}, std::move(envelope->mark)};
  std::uint64_t before = out.first - 1;
  for (const nlohmann::json& one : parsed["rows"]) {
    const std::string name = "row " + std::to_string(out.rows.size());
    if (!one.is_object()) return bad(name + " is no object");
    Result<Row> row = read_row(one);
    if (!row) return bad(name + " " + row.error().context);
    if (row->sequence <= before) return bad(name + " does not ascend");
    before = row->sequence;
    row->epoch = out.epoch;
    out.rows.push_back(std::move(*row));
  }
  return out;
}

}  // namespace fairlead::agent::exchange
