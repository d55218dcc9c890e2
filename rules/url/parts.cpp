#include "rules/url/parts.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/url/bytes.hpp"

namespace fairlead::rules::url {
namespace {

tl::unexpected<Error> bad_url(std::string context) { return fail(Errc::bad_url, Side::client, std::move(context)); }

bool is_edge(char c) { return static_cast<unsigned char>(c) <= 0x20; }
bool is_tab_or_newline(char c) { return c == '\t' || c == '\n' || c == '\r'; }

std::optional<Scheme> scheme_named(std::string_view name) {
  constexpr std::array kSchemes = {Scheme::https, Scheme::http, Scheme::wss, Scheme::ws};
  const auto* const found = std::find_if(kSchemes.begin(), kSchemes.end(), [name](Scheme scheme) {
    return text::equals_ignoring_case(name, to_string(scheme));
  });
  return found == kSchemes.end() ? std::nullopt : std::optional(*found);
}

/// WHATWG "port state". Port 0 cannot be connected to; a browser accepts it and fails later, we refuse it here.
Result<void> read_port(std::string_view digits, Parts& parts) {
  if (digits.empty()) return {};
  std::uint32_t value = 0;
  for (const char c : digits) {
    if (!text::is_digit(c)) return bad_url("port: only digits may follow ':'");
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
    if (value > std::numeric_limits<std::uint16_t>::max()) return bad_url("port: above 65535");
  }
  if (value == 0) return bad_url("port: 0 cannot be connected to");
  parts.port = static_cast<std::uint16_t>(value);
  return {};
}

}  // namespace

std::string_view without_whitespace(std::string_view text, std::string& storage) {
  const auto* const first = std::find_if_not(text.begin(), text.end(), is_edge);
  text.remove_prefix(static_cast<std::size_t>(first - text.begin()));
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  const auto holds = [&](char c) { return text.find(c) != std::string_view::npos; };
  if (!holds('\t') && !holds('\n') && !holds('\r')) return text;  // three quick searches: hardly any text holds one
  storage.clear();
  std::remove_copy_if(text.begin(), text.end(), std::back_inserter(storage), is_tab_or_newline);
  return storage;
}

Result<Parts> split_url(std::string_view text) {
  Parts parts;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return bad_url("no scheme");
  const auto scheme = scheme_named(text.substr(0, colon));
  if (!scheme) return bad_url("the scheme is not http, https, ws or wss");
  parts.scheme = *scheme;

  // "special authority ignore slashes state": any number of '/' and '\' may follow, also none.
  text.remove_prefix(colon + 1);
  while (!text.empty() && (text[0] == '/' || text[0] == '\\')) text.remove_prefix(1);

  std::size_t authority_end = 0;
  while (authority_end < text.size() && !is_a(text[authority_end], kEndsAuthority)) ++authority_end;
  std::string_view authority = text.substr(0, authority_end);
  // "authority state": everything up to the last '@' is user info, which is dropped.
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (auto split = split_host_and_port(authority, parts); !split) return tl::unexpected(std::move(split).error());
  split_target(text.substr(authority_end), parts);
  return parts;
}

Result<void> split_host_and_port(std::string_view text, Parts& parts) {
  // "host state": a ':' inside brackets belongs to the address.
  std::size_t colon = std::string_view::npos;
  bool inside_brackets = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') inside_brackets = true;
    if (text[i] == ']') inside_brackets = false;
    if (text[i] == ':' && !inside_brackets) {
      colon = i;
      break;
    }
  }
  parts.host = text.substr(0, colon);
  if (parts.host.empty()) return fail(Errc::bad_host, Side::client, "host: empty");
  if (colon == std::string_view::npos) return {};
  return read_port(text.substr(colon + 1), parts);
}

void split_target(std::string_view target, Parts& parts) {
  target = target.substr(0, target.find('#'));
  const std::size_t question = target.find('?');
  parts.path = target.substr(0, question);
  parts.has_query = question != std::string_view::npos;
  if (parts.has_query) parts.query = target.substr(question + 1);
}

}  // namespace fairlead::rules::url
