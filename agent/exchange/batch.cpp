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

constexpr std::size_t kUrlBytes = 2'048, kLosersBytes = 8'192;

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

}  // namespace

std::string write_batch(const Batch& batch) { return dump(object_of(batch, object_of_row)); }

Result<Batch> read_batch(std::string_view text) {
  if (text.size() > kMostBytes) return fail(Errc::too_large, Side::client, "the batch is too large");
  auto out = batch_from<Stored>(json::parse(text, nullptr, false), row_from);
  if (!out) return out;
  for (Stored& row : out->rows) row.device = out->device;
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
