#include "agent/exchange/fields.hpp"

#include <limits>

#include "agent/events/digest.hpp"

namespace fairlead::agent::exchange {

using nlohmann::json;

tl::unexpected<Error> bad(std::string what) { return fail(Errc::bad_message, Side::client, std::move(what)); }

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

std::optional<events::TimePoint> time_at(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return events::TimePoint(std::chrono::milliseconds(found->get<std::int64_t>()));
}

std::string digest_at(const json& object) {
  const std::string* hex = text_at(object, "digest", kFieldBytes);
  if (hex == nullptr || hex->size() != 2 * events::Digest{}.bytes.size()) return {};
  return events::bytes_from_hex(*hex);
}

bool is_true(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && *found == true;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

Result<Envelope> read_envelope(const json& parsed) {
  if (!parsed.is_object()) return bad("the batch is no JSON object in UTF-8");
  const std::string* device = text_at(parsed, "device", kFieldBytes);
  const auto epoch = number_at(parsed, "epoch"), first = number_at(parsed, "first");
  const auto rows = parsed.find("rows");
  if (device == nullptr || !epoch || !first || *first == 0 || rows == parsed.end() || !rows->is_array())
    return bad("the batch needs 'device', 'epoch', 'first' and 'rows'");
  if (rows->size() > kMostRows) return fail(Errc::too_large, Side::client, "the batch has too many rows");
  Envelope out{*device, *epoch, *first, std::nullopt};
  if (const auto mark = parsed.find("mark"); mark != parsed.end()) {
    const auto sequence = mark->is_object() ? number_at(*mark, "sequence") : std::nullopt;
    std::string digest = mark->is_object() ? digest_at(*mark) : std::string();
    if (!sequence || digest.empty()) return bad("the batch has a 'mark' that is none");
    out.mark = Mark{*sequence, std::move(digest)};
    if (mark->contains("id")) {
      const std::string* id = text_at(*mark, "id", kFieldBytes);
      if (id == nullptr) return bad("the batch has a 'mark' that is none");
      out.mark->id = *id;
    }
  }
  return out;
}

}  // namespace fairlead::agent::exchange
