#include "agent/exchange/batch.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/events/digest.hpp"
#include "agent/exchange/fields.hpp"

namespace fairlead::agent::exchange {
namespace {

using events::Event;
using events::Stored;
using nlohmann::json;

constexpr std::size_t kUrlBytes = 2'048, kLosersBytes = 8'192, kMergedIdBytes = 32;

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

json object_of_row(const Stored& row) {
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
  Stored out;
  const auto sequence = number_at(object, "sequence");
  if (!sequence || *sequence == 0) return bad("has no 'sequence'");
  out.sequence = *sequence;
  const auto time = time_at(object, "time");
  if (!time) return bad("has no 'time'");
  out.event.time = *time;
  const auto kind = word_at(object, "kind", {Kind::blocked, Kind::observed, Kind::malformed, Kind::passed_through});
  if (!kind) return bad("has no 'kind'");
  const auto navigation = word_at(object, "navigation", {Navigation::yes, Navigation::no, Navigation::unknown});
  if (!navigation) return bad("has no 'navigation'");
  out.event.kind = *kind;
  out.event.navigation = *navigation;
  out.digest = digest_at(object);
  if (out.digest.empty()) return bad("has no 'digest'");
  for (const Field& field : kFields) {
    const std::string* text = text_at(object, field.name, field.most);
    if (text == nullptr) return bad("has no '" + std::string(field.name) + "' that can be kept");
    out.event.*field.text = *text;
  }
  out.erased = is_true(object, "erased");
  return out;
}

struct BySequence {
  bool operator()(const Stored& row, std::uint64_t sequence) const { return row.sequence < sequence; }
  bool operator()(std::uint64_t sequence, const Stored& row) const { return sequence < row.sequence; }
};

Result<Merged> merged_from(const json& object, const std::vector<Stored>& rows) {
  const auto sequence = number_at(object, "sequence"), row = number_at(object, "row");
  if (!sequence) return bad("has no 'sequence'");
  const auto time = time_at(object, "time");
  if (!time) return bad("has no 'time'");
  const std::string* id = text_at(object, "id", kMergedIdBytes);
  if (id == nullptr || id->empty() || id->find_first_of(" =") != std::string::npos)
    return bad("has no 'id' that can be kept");
  if (!row || *row >= rows.size()) return bad("has no 'row' of the batch");
  const Stored& like = rows[*row];
  if (like.erased || *sequence <= like.sequence || *sequence - like.sequence >= kMostCovered ||
      hour_of(*time) != hour_of(like.event.time))
    return bad("has a 'row' that cannot stand for it");
  if (std::binary_search(rows.begin(), rows.end(), *sequence, BySequence())) return bad("is a row as well");
  return Merged{*sequence, *time, *id, *row};
}

Result<std::vector<Merged>> all_merged_from(const json& parsed, const std::vector<Stored>& rows) {
  std::vector<Merged> out;
  const auto merged = parsed.find("merged");
  if (merged == parsed.end()) return out;
  if (!merged->is_array()) return bad("the batch has a 'merged' that is no list");
  if (rows.size() + merged->size() > kMostCovered)
    return fail(Errc::too_large, Side::client, "the batch covers too many events");
  for (const json& one : *merged) {
    const std::string name = "merged " + std::to_string(out.size());
    if (!one.is_object()) return bad(name + " is no object");
    auto read = merged_from(one, rows);
    if (!read) return bad(name + " " + read.error().context);
    if (!out.empty() && read->sequence <= out.back().sequence) return bad(name + " does not ascend");
    out.push_back(std::move(*read));
  }
  return out;
}

}  // namespace

std::chrono::sys_time<std::chrono::hours> hour_of(events::TimePoint time) {
  return std::chrono::floor<std::chrono::hours>(time);
}

std::uint64_t Batch::last() const {
  return std::max(rows.back().sequence, merged.empty() ? 0 : merged.back().sequence);
}

std::string write_batch(const Batch& batch) {
  json out = object_of(batch, object_of_row);
  for (const Merged& one : batch.merged)
    out["merged"].push_back(
        {{"sequence", one.sequence}, {"time", one.time.time_since_epoch().count()}, {"id", one.id}, {"row", one.row}});
  return dump(out);
}

Result<Batch> read_batch(std::string_view text) {
  if (text.size() > kMostBytes) return fail(Errc::too_large, Side::client, "the batch is too large");
  const json parsed = json::parse(text, nullptr, false);
  auto rows = batch_from<Stored>(parsed, row_from);
  if (!rows) return tl::unexpected(std::move(rows).error());
  Batch out{std::move(*rows), {}};
  for (Stored& row : out.rows) row.device = out.device;
  auto merged = all_merged_from(parsed, out.rows);
  if (!merged) return tl::unexpected(std::move(merged).error());
  out.merged = std::move(*merged);
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
