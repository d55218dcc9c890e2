#include "rules/catalog/imports/adblock_pattern.hpp"

#include <algorithm>
#include <string>

#include "rules/base/text.hpp"
#include "rules/url/host.hpp"

namespace fairlead::rules::catalog {
namespace {

void append_escaped(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
      continue;
    }
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

/// The pattern in ASCII: the host behind "||" punycoded, everything else escaped.
std::string in_ascii(std::string_view pattern, bool begins_with_host) {
  std::string out;
  if (begins_with_host) {
    const std::size_t end = std::min(pattern.find_first_of("/^*?:|"), pattern.size());
    if (url::canonical_host(pattern.substr(0, end), out)) pattern.remove_prefix(end);
  }
  append_escaped(pattern, out);
  return out;
}

/// One '*' for a run of them.
std::string with_single_stars(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c != '*' || !out.ends_with('*')) out += c;
  }
  return out;
}

}  // namespace

std::optional<Skipped> read_pattern(std::string_view pattern, Filter& filter) {
  const auto is_no_part_of_url = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
  if (std::any_of(pattern.begin(), pattern.end(), is_no_part_of_url)) return Skipped::bad_syntax;
  if (pattern.starts_with("||")) {
    filter.at_host_label = true;
    pattern.remove_prefix(2);
  } else if (pattern.starts_with('|')) {
    filter.at_begin = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('|')) {
    filter.at_end = true;
    pattern.remove_suffix(1);
  }
  // A star beside an anchor undoes it.
  if (pattern.starts_with('*')) filter.at_host_label = filter.at_begin = false;
  if (pattern.ends_with('*')) filter.at_end = false;
  while (pattern.starts_with('*')) pattern.remove_prefix(1);
  while (pattern.ends_with('*')) pattern.remove_suffix(1);
  const bool is_ascii =
      std::all_of(pattern.begin(), pattern.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  filter.pattern = with_single_stars(is_ascii ? std::string(pattern) : in_ascii(pattern, filter.at_host_label));
  if (!filter.match_case) text::lower_in_place(filter.pattern);
  return std::nullopt;
}

void read_websocket_scheme(Filter& filter) {
  if (!filter.at_begin) return;
  for (const std::string_view scheme : {"ws", "wss"}) {
    if (!filter.pattern.starts_with(std::string(scheme) + "://")) continue;
    filter.pattern.erase(0, scheme.size());
    filter.at_begin = false;
    filter.types = bit_of(ResourceType::websocket);
    return;
  }
}

std::string_view host_of(const Filter& filter) {
  const std::string_view pattern = filter.pattern;
  if (!filter.at_host_label || filter.at_end || !pattern.ends_with('^')) return {};
  const std::string_view host = pattern.substr(0, pattern.size() - 1);
  return host.find_first_of("/*^?|:=&,;") == std::string_view::npos ? host : std::string_view();
}

bool is_everything(const Filter& filter) {
  std::string_view rest = filter.pattern;
  for (const std::string_view scheme : {"http", "ws"}) {
    if (!rest.starts_with(scheme)) continue;
    rest.remove_prefix(scheme.size());
    if (rest.starts_with('s')) rest.remove_prefix(1);
    break;
  }
  return rest.find_first_not_of("*^:/.") == std::string_view::npos;
}

}  // namespace fairlead::rules::catalog
