#include "rules/catalog/lists_file.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/fields.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::catalog {
namespace {

/// "24h" or "7d"
std::chrono::hours read_refresh(const YamlNode& node, std::chrono::hours otherwise, Problems& problems) {
  constexpr int kMostDays = 365;
  const auto text = read_text(node, "refresh", problems);
  if (!text) return otherwise;
  const bool in_days = text->ends_with('d');
  YamlNode number = node;
  number.text = text->substr(0, text->size() - 1);
  const bool is_whole = !number.text.empty() && std::all_of(number.text.begin(), number.text.end(), text::is_digit);
  if (!is_whole || (!in_days && !text->ends_with('h'))) {
    problems.error(node.at, "'refresh' cannot be " + in_quotes(*text) +
                                "; write a number of hours or days, such as '24h' or '7d'");
    return otherwise;
  }
  const auto count = read_number(number, "refresh", 1, in_days ? kMostDays : kMostDays * 24, problems);
  if (!count) return otherwise;
  return in_days ? std::chrono::hours(std::chrono::days(*count)) : std::chrono::hours(*count);
}

/// minisign's public key: 42 bytes in Base64, of which the first two say "Ed".
std::string read_public_key(const YamlNode& node, Problems& problems) {
  constexpr std::size_t kCharacters = 56;
  const auto text = read_text(node, "public_key", problems);
  if (!text) return {};
  const auto is_base64 = [](char c) { return text::is_alnum(c) || c == '+' || c == '/'; };
  if (text->size() == kCharacters && text->starts_with("RW") && std::all_of(text->begin(), text->end(), is_base64))
    return *text;
  problems.error(node.at, in_quotes(*text) +
                              " is not a minisign public key; write the 56 characters of its second line, which begin "
                              "with 'RW'");
  return {};
}

std::string read_sha256(const YamlNode& node, Problems& problems) {
  constexpr std::size_t kDigits = 64;
  const auto text = read_text(node, "sha256", problems);
  if (!text) return {};
  const bool is_hex = std::all_of(text->begin(), text->end(), [](char c) { return text::hex_value(c) >= 0; });
  if (is_hex && text->size() == kDigits) return text::lower(*text);
  problems.error(node.at,
                 in_quotes(*text) + " is not a SHA-256; write the 64 hexadecimal digits that 'sha256sum FILE' shows");
  return {};
}

/// An address or a path. What comes without encryption must be signed or pinned, or anybody on the way writes the
/// rules.
std::string read_from(const YamlNode& node, bool is_verified, Problems& problems) {
  const auto text = read_text(node, "from", problems);
  if (!text) return {};
  if (text->find("://") == std::string::npos) return *text;
  const bool is_http = text->starts_with("http://");
  if (!is_http && !text->starts_with("https://")) {
    problems.error(node.at, in_quotes(*text) +
                                " is no place for a list; write an address that begins with "
                                "'https://', or a path without '://'");
    return {};
  }
  if (is_http && !is_verified) {
    problems.error(node.at, in_quotes(*text) +
                                " can be changed on its way; write 'https://', or add 'public_key' or "
                                "'sha256'");
    return {};
  }
  url::CanonicalUrl address;
  if (const auto read = address.assign(*text); !read) {
    problems.error(node.at, in_quotes(*text) + " cannot be fetched: " + read.error().context);
    return {};
  }
  return *text;
}

ListSource read_list(const YamlNode& node, Problems& problems) {
  constexpr int kMostMegabytes = 1024;
  ListSource list;
  list.id = node.key;
  list.at = node.key_at;
  const Fields fields(node, kListKeys, "the list " + in_quotes(node.key), problems);
  if (!fields.is_map()) return list;
  list.title = fields.text("title");
  list.licence = fields.text("licence");
  list.format = fields.required_choice("format", kListFormats, ListFormat::domains);
  list.member = fields.optional_text("member");
  const bool is_signed = !fields.optional_text("public_key").empty();
  const bool is_pinned = !fields.optional_text("sha256").empty();
  if (is_signed) list.public_key = read_public_key(*fields.find("public_key"), problems);
  if (is_pinned) list.sha256 = read_sha256(*fields.find("sha256"), problems);
  if (const YamlNode* from = fields.require("from")) list.from = read_from(*from, is_signed || is_pinned, problems);
  if (const YamlNode* refresh = fields.find("refresh")) list.refresh = read_refresh(*refresh, list.refresh, problems);
  if (const YamlNode* most = fields.find("most_megabytes")) {
    if (const auto megabytes = read_number(*most, "most_megabytes", 1, kMostMegabytes, problems))
      list.most_bytes = static_cast<std::uint64_t>(*megabytes) << 20U;
  }
  return list;
}

}  // namespace

std::vector<ListSource> read_lists(const YamlNode& root, Problems& problems) {
  const Fields file(root, kListsFileKeys, "lists.yaml", problems);
  std::vector<ListSource> all;
  const YamlNode* lists = file.require("lists");
  if (lists == nullptr || lists->kind == YamlNode::Kind::broken) return all;
  if (lists->kind != YamlNode::Kind::map) {
    problems.error(lists->at,
                   "'lists' must be a map: an id and its entry, such as 'own: {title: Our own, from: "
                   "own.txt, format: domains, licence: ours}'");
    return all;
  }
  for (const YamlNode& child : lists->children) {
    YamlNode name;
    name.kind = YamlNode::Kind::text;
    name.at = child.key_at;
    name.text = child.key;
    (void)read_id(name, "lists", problems);
    all.push_back(read_list(child, problems));
  }
  return all;
}

}  // namespace fairlead::rules::catalog
