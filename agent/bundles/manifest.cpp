#include "agent/bundles/manifest.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/bundles/archive.hpp"
#include "agent/lists/utc_time.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::bundles {
namespace {

using nlohmann::json;

constexpr std::string_view kKind = "manifest 1";
constexpr std::size_t kMostGroups = 256, kMostDeltas = 8, kLongestText = 256;
constexpr std::uint64_t kMostVersion = std::uint64_t{1} << 53U;  // what every reader of JSON holds exactly

tl::unexpected<Error> wrong(const std::string& what) {
  return fail(Errc::bad_file, Side::upstream, "the manifest cannot be read: " + what);
}

std::optional<std::string> text_at(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  std::string text = *found;
  return text.size() <= kLongestText ? std::optional(std::move(text)) : std::nullopt;
}

std::optional<std::uint64_t> number_at(const json& object, const char* name, std::uint64_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned() || *found > most || *found == 0U) return std::nullopt;
  return found->get<std::uint64_t>();
}

std::optional<Packed> packed_from(const json& from) {
  if (!from.is_object()) return std::nullopt;
  const auto digest = text_at(from, "digest");
  const auto size = number_at(from, "size", kMostBundle);
  const auto base = from.contains("from") ? text_at(from, "from") : std::string();
  if (!digest || !size || !base || !is_digest(*digest) || (!base->empty() && !is_digest(*base))) return std::nullopt;
  return Packed{*digest, *size, *base};
}

std::optional<Bundle> bundle_from(const json& from) {
  if (!from.is_object()) return std::nullopt;
  const auto digest = text_at(from, "digest");
  const auto size = number_at(from, "size", kMostBundle);
  const auto whole = packed_from(from.value("whole", json()));
  const json deltas = from.value("deltas", json::array());
  if (!digest || !is_digest(*digest) || !size || !whole || !whole->from.empty() || !deltas.is_array() ||
      deltas.size() > kMostDeltas)
    return std::nullopt;
  Bundle out{*digest, *size, *whole, {}};
  for (const json& one : deltas) {
    auto delta = packed_from(one);
    if (!delta || delta->from.empty()) return std::nullopt;
    out.deltas.push_back(*std::move(delta));
  }
  return out;
}

json json_of(const Packed& packed) {
  json out = {{"digest", packed.digest}, {"size", packed.size}};
  if (!packed.from.empty()) out["from"] = packed.from;
  return out;
}

json json_of(const Bundle& bundle) {
  json out = {{"digest", bundle.digest}, {"size", bundle.size}, {"whole", json_of(bundle.whole)}};
  out["deltas"] = json::array();
  for (const Packed& delta : bundle.deltas) out["deltas"].push_back(json_of(delta));
  return out;
}

}  // namespace

bool is_digest(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_group_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return text::is_alnum(c) || c == '-' || c == '_'; });
}

Result<Manifest> read_manifest(std::string_view text) {
  if (text.size() > kMostManifest) return wrong("it is too long");
  const json parsed = json::parse(text, nullptr, false);
  if (!parsed.is_object() || text_at(parsed, "fairlead") != kKind) return wrong("it is no manifest of this kind");
  const auto organisation = text_at(parsed, "organisation");
  const auto version = number_at(parsed, "version", kMostVersion);
  const auto not_before = lists::from_utc_text(text_at(parsed, "not_before").value_or(""));
  const auto expires = lists::from_utc_text(text_at(parsed, "expires").value_or(""));
  if (!organisation || organisation->empty()) return wrong("it names no organisation");
  if (!version) return wrong("it has no version");
  if (!not_before || !expires || *expires <= *not_before) return wrong("its times are wrong");
  const auto base = parsed.contains("base") ? text_at(parsed, "base") : std::string();
  if (!base || (!base->empty() && !(base->starts_with("https://") && base->ends_with('/'))))
    return wrong("'base' is no https://…/");
  const json groups = parsed.value("groups", json());
  if (!groups.is_object() || groups.empty() || groups.size() > kMostGroups)
    return wrong("it names no group, or too many");
  Manifest out{*organisation, *version, *not_before, *expires, *base, {}};
  for (const auto& [name, told] : groups.items()) {
    auto bundle = bundle_from(told);
    if (!is_group_name(name) || !bundle) return wrong("the bundle of one of its groups is not told as it must be");
    out.groups.emplace(name, *std::move(bundle));
  }
  return out;
}

std::string write_manifest(const Manifest& manifest) {
  json out = {{"fairlead", kKind},
              {"organisation", manifest.organisation},
              {"version", manifest.version},
              {"not_before", lists::utc_text(manifest.not_before)},
              {"expires", lists::utc_text(manifest.expires)}};
  if (!manifest.base.empty()) out["base"] = manifest.base;
  for (const auto& [name, bundle] : manifest.groups) out["groups"][name] = json_of(bundle);
  return out.dump(1) + "\n";
}

Result<Bundle> read_bundle(std::string_view text) {
  auto out = bundle_from(json::parse(text, nullptr, false));
  if (!out) return fail(Errc::bad_file, Side::local, "this does not tell of a bundle");
  return *std::move(out);
}

std::string write_bundle(const Bundle& bundle) { return json_of(bundle).dump(1) + "\n"; }

}  // namespace fairlead::agent::bundles
