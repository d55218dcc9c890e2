#include "agent/exchange/batch.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/digest.hpp"
#include "agent/events/pack_parts.hpp"

namespace fairlead::agent::exchange {
namespace {

using events::Event;
using events::Stored;
using nlohmann::json;

constexpr std::size_t kFieldBytes = 512, kUrlBytes = 2'048, kLosersBytes = 8'192;

struct Field {
  const char* name;
  std::string Event::*text;
  std::size_t most;
};
constexpr std::array kFields{Field{"id", &Event::id, kFieldBytes},
                             Field{"found", &Event::found, kFieldBytes},
                             Field{"group", &Event::group, kFieldBytes},
                             Field{"method", &Event::method, kFieldBytes},
                             Field{"navigation_sign", &Event::navigation_sign, kFieldBytes},
                             Field{"category", &Event::category, kFieldBytes},
                             Field{"risk", &Event::risk, kFieldBytes},
                             Field{"severity", &Event::severity, kFieldBytes},
                             Field{"review", &Event::review, kFieldBytes},
                             Field{"rule", &Event::rule, kFieldBytes},
                             Field{"source", &Event::source, kFieldBytes},
                             Field{"level", &Event::level, kFieldBytes},
                             Field{"ruleset", &Event::ruleset_id, kFieldBytes},
                             Field{"policy", &Event::policy_version, kFieldBytes},
                             Field{"person", &Event::person, kFieldBytes},
                             Field{"url", &Event::url, kUrlBytes},
                             Field{"host", &Event::host, kFieldBytes},
                             Field{"words", &Event::words, kFieldBytes},
                             Field{"span", &Event::span, kFieldBytes},
                             Field{"losers", &Event::losers, kLosersBytes}};

tl::unexpected<Error> bad(std::string what) { return fail(Errc::bad_message, Side::client, std::move(what)); }

/// SQLite and PostgreSQL count in 63 bits.
std::optional<std::uint64_t> number_at(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto number = found->get<std::uint64_t>();
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return number;
}

const std::string* text_at(const json& object, const char* name, std::size_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return nullptr;
  const auto& text = found->get_ref<const std::string&>();
  return text.size() <= most && text.find('\0') == std::string::npos ? &text : nullptr;
}

template <class Word>
std::optional<Word> word_at(const json& object, const char* name, std::initializer_list<Word> known) {
  const std::string* text = text_at(object, name, kFieldBytes);
  if (text == nullptr) return std::nullopt;
  for (const Word one : known)
    if (*text == to_string(one)) return one;
  return std::nullopt;
}

/// Empty where it is none.
std::string digest_of(std::string_view hex) {
  return hex.size() == 2 * events::Digest{}.bytes.size() ? events::bytes_from_hex(hex) : std::string();
}

json object_of(const Stored& row) {
  json out = {{"sequence", row.sequence},
              {"time", row.event.time.time_since_epoch().count()},
              {"kind", to_string(row.event.kind)},
              {"navigation", to_string(row.event.navigation)},
              {"digest", events::hex(row.digest)}};
  for (const Field& field : kFields) out[field.name] = row.event.*field.text;
  if (row.erased) out["erased"] = true;
  return out;
}

Result<Stored> row_from(const json& object) {
  using events::Kind;
  using events::Navigation;
  if (!object.is_object()) return bad("is no object");
  Stored out;
  const auto sequence = number_at(object, "sequence");
  if (!sequence || *sequence == 0) return bad("has no 'sequence'");
  out.sequence = *sequence;
  const auto time = object.find("time");
  if (time == object.end() || !time->is_number_integer()) return bad("has no 'time'");
  out.event.time = events::TimePoint(std::chrono::milliseconds(time->get<std::int64_t>()));
  const auto kind = word_at(object, "kind", {Kind::blocked, Kind::observed, Kind::malformed, Kind::passed_through});
  if (!kind) return bad("has no 'kind'");
  const auto navigation = word_at(object, "navigation", {Navigation::yes, Navigation::no, Navigation::unknown});
  if (!navigation) return bad("has no 'navigation'");
  out.event.kind = *kind;
  out.event.navigation = *navigation;
  if (const std::string* digest = text_at(object, "digest", kFieldBytes)) out.digest = digest_of(*digest);
  if (out.digest.empty()) return bad("has no 'digest'");
  for (const Field& field : kFields) {
    const std::string* text = text_at(object, field.name, field.most);
    if (text == nullptr) return bad("has no '" + std::string(field.name) + "' that can be kept");
    out.event.*field.text = *text;
  }
  const auto erased = object.find("erased");
  out.erased = erased != object.end() && *erased == true;
  return out;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

std::string write_batch(const Batch& batch) {
  json out = {{"device", batch.device}, {"epoch", batch.epoch}, {"first", batch.first}, {"rows", json::array()}};
  for (const Stored& row : batch.rows) out["rows"].push_back(object_of(row));
  if (batch.mark) out["mark"] = {{"sequence", batch.mark->sequence}, {"digest", events::hex(batch.mark->digest)}};
  return dump(out);
}

Result<Batch> read_batch(std::string_view text) {
  if (text.size() > kMostBytes) return fail(Errc::too_large, Side::client, "the batch is too large");
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return bad("the batch is no JSON object in UTF-8");
  Batch out;
  const std::string* device = text_at(parsed, "device", kFieldBytes);
  const auto epoch = number_at(parsed, "epoch"), first = number_at(parsed, "first");
  const auto rows = parsed.find("rows");
  if (device == nullptr || !epoch || !first || *first == 0 || rows == parsed.end() || !rows->is_array())
    return bad("the batch needs 'device', 'epoch', 'first' and 'rows'");
  if (rows->size() > kMostRows) return fail(Errc::too_large, Side::client, "the batch has too many rows");
  out.device = *device;
  out.epoch = *epoch;
  out.first = *first;
  if (const auto mark = parsed.find("mark"); mark != parsed.end()) {
    const auto sequence = mark->is_object() ? number_at(*mark, "sequence") : std::nullopt;
    const std::string* digest = mark->is_object() ? text_at(*mark, "digest", kFieldBytes) : nullptr;
    if (!sequence || digest == nullptr || digest_of(*digest).empty()) return bad("the batch has a 'mark' that is none");
    out.mark = Mark{*sequence, digest_of(*digest)};
  }
  std::uint64_t before = *first - 1;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    auto row = row_from((*rows)[i]);
    if (!row) return bad("row " + std::to_string(i) + " " + row.error().context);
    if (row->sequence <= before) return bad("row " + std::to_string(i) + " does not ascend");
    before = row->sequence;
    row->device = out.device;
    row->epoch = out.epoch;
    out.rows.push_back(std::move(*row));
  }
  return out;
}

std::string write_receipt(const Receipt& receipt) {
  json missing = json::array();
  for (const Range& range : receipt.missing) missing.push_back({range.first, range.last});
  json out = {{"high", receipt.high}, {"missing", std::move(missing)}};
  if (receipt.differs_from != 0) out["differs_from"] = receipt.differs_from;
  return dump(out);
}

Result<Receipt> read_receipt(std::string_view text) {
  const auto wrong = [] { return fail(Errc::bad_message, Side::upstream, "the hub's answer is no receipt"); };
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object()) return wrong();
  const auto high = number_at(parsed, "high");
  const auto missing = parsed.find("missing");
  if (!high || missing == parsed.end() || !missing->is_array() || missing->size() > kMostRanges) return wrong();
  Receipt out{*high, {}, number_at(parsed, "differs_from").value_or(0)};
  for (const json& pair : *missing) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() || !pair[1].is_number_unsigned())
      return wrong();
    const Range range{pair[0].get<std::uint64_t>(), pair[1].get<std::uint64_t>()};
    if (range.first == 0 || range.first > range.last || range.last >= out.high) return wrong();
    out.missing.push_back(range);
  }
  return out;
}

Receipt without(const Receipt& receipt, const std::set<std::uint64_t>& parked) {
  Receipt out{receipt.high, {}, receipt.differs_from};
  for (const Range& missing : receipt.missing) {
    std::uint64_t first = missing.first;
    for (auto one = parked.lower_bound(first); one != parked.end() && *one <= missing.last; ++one) {
      if (first < *one) out.missing.push_back({first, *one - 1});
      first = *one + 1;
    }
    if (first <= missing.last) out.missing.push_back({first, missing.last});
  }
  while (parked.contains(out.high + 1)) ++out.high;
  return out;
}

Range next_range(const Receipt& receipt, const events::EpochRange& there, std::size_t most) {
  std::vector<Range> wanted = receipt.missing;
  wanted.push_back({receipt.high + 1, there.last});
  for (const Range& range : wanted) {
    const std::uint64_t first = std::max(range.first, there.first), last = std::min(range.last, there.last);
    if (first <= last) return {first, std::min(last, first + most - 1)};
  }
  return {};
}

}  // namespace fairlead::agent::exchange
