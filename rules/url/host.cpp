#include "rules/url/host.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rules/base/text.hpp"
#include "rules/url/bytes.hpp"
#include "rules/url/ip_address.hpp"
#include "rules/url/unicode.hpp"

namespace fairlead::rules::url {
namespace {

constexpr std::size_t kRawRoom = 1024;
constexpr std::size_t kNameRoom = 253;
constexpr std::size_t kLabelRoom = 63;

tl::unexpected<Error> bad_host(std::string context) {
  return fail(Errc::bad_host, Side::client, "host: " + std::move(context));
}

tl::unexpected<Error> forbidden_byte(char c) {
  std::string escape;
  append_escape(escape, c);
  return bad_host("the byte " + escape + " cannot be part of a host name");
}

bool has_alabel(std::string_view name) {
  for (std::size_t at = name.find("xn--"); at != std::string_view::npos; at = name.find("xn--", at + 1)) {
    if (at == 0 || name[at - 1] == '.') return true;
  }
  return false;
}

/// Appends an ASCII name in lower case when there is nothing to decode in it; false leaves `out` changed.
bool append_plain_name(std::string_view raw, std::string& out) {
  std::uint8_t seen = 0;
  for (const char c : raw) seen |= kByteClasses[static_cast<unsigned char>(c)];
  if ((seen & kNotPlainHost) != 0) return false;
  const std::size_t begin = out.size();
  out.append(raw);
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  std::transform(first, out.end(), first, text::to_lower);
  return !has_alabel(std::string_view(out).substr(begin));
}

/// WHATWG "host parser" steps 3 to 7: percent-decode, domain to ASCII, forbidden domain code points.
Result<void> append_any_name(std::string_view raw, std::string& out) {
  std::string decoded;
  append_decoded(raw, decoded);
  if (!is_utf8(decoded)) return bad_host("not UTF-8");
  const std::size_t begin = out.size();
  if (!append_domain_to_ascii(decoded, out)) return bad_host("not a valid international name (UTS 46)");
  const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto forbidden = std::find_if(first, out.end(), [](char c) { return is_a(c, kForbiddenInHost); });
  if (forbidden != out.end()) return forbidden_byte(*forbidden);
  return {};
}

/// RFC 1035 section 2.3.4: what no name server can hold is refused here, not at the look-up.
Result<void> check_lengths(std::string_view name) {
  if (name.empty()) return bad_host("empty");
  if (name.size() > kNameRoom) return bad_host("longer than 253 bytes");
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (end == begin) return bad_host("an empty label (two dots in a row)");
    if (end - begin > kLabelRoom) return bad_host("a label longer than 63 bytes");
    begin = end + 1;
  }
  return {};
}

Result<HostKind> append_bracketed(std::string_view raw, std::string& out) {
  if (!raw.ends_with(']')) return bad_host("a '[' without its ']'");
  const auto pieces = parse_ipv6(raw.substr(1, raw.size() - 2));
  if (!pieces) return bad_host("not an IPv6 address");
  // A rule against 127.0.0.1 must hold for [::ffff:127.0.0.1]: the connection goes to the same place.
  if (const auto address = mapped_ipv4(*pieces)) {
    append_ipv4(*address, out);
    return HostKind::ipv4;
  }
  append_ipv6(*pieces, out);
  return HostKind::ipv6;
}

Result<HostKind> append_name_or_ipv4(std::string_view raw, std::string& out) {
  const std::size_t begin = out.size();
  if (!append_plain_name(raw, out)) {
    out.resize(begin);
    if (auto appended = append_any_name(raw, out); !appended) return tl::unexpected(std::move(appended).error());
  }
  if (out.size() > begin && out.back() == '.') out.pop_back();
  const std::string_view name = std::string_view(out).substr(begin);
  if (ends_in_number(name)) {
    const auto address = parse_ipv4(name);
    if (!address) return bad_host("ends in a number, but is not an IPv4 address");
    out.resize(begin);
    append_ipv4(*address, out);
    return HostKind::ipv4;
  }
  if (auto checked = check_lengths(name); !checked) return tl::unexpected(std::move(checked).error());
  return HostKind::name;
}

}  // namespace

Result<HostKind> append_canonical_host(std::string_view raw, std::string& out) {
  if (raw.empty()) return bad_host("empty");
  if (raw.size() > kRawRoom) return bad_host("longer than 1024 bytes");
  const std::size_t begin = out.size();
  auto kind = raw.front() == '[' ? append_bracketed(raw, out) : append_name_or_ipv4(raw, out);
  if (!kind) out.resize(begin);
  return kind;
}

Result<HostKind> canonical_host(std::string_view raw, std::string& out) {
  out.clear();
  return append_canonical_host(raw, out);
}

}  // namespace fairlead::rules::url
