// Shows our reading of URLs to the outside comparer (url_diff.py): one base64 URL a line in, "host TAB port TAB
// base64 of the path" out, "ERR" for what is refused. Not part of the product.
//
// An IPv4-mapped IPv6 host is shown in brackets, as a browser shows it; the product goes on and folds it to IPv4.

#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "rules/url/canonical_url.hpp"
#include "rules/url/ip_address.hpp"
#include "rules/url/parts.hpp"

namespace {

namespace url = fairlead::rules::url;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string from_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;  // '=' at the end
    bits = bits << 6U | static_cast<unsigned>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 255U);
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += i + k <= bytes.size() ? kAlphabet[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

std::string shown_host(std::string_view text, const url::CanonicalUrl& canonical) {
  std::string storage;
  const auto parts = url::split_url(url::without_whitespace(text, storage));
  if (!parts || !parts->host.starts_with('[')) return std::string(canonical.host());
  const auto pieces = url::parse_ipv6(parts->host.substr(1, parts->host.size() - 2));
  std::string host = "[";
  if (pieces) url::append_ipv6(*pieces, host);
  return host + "]";
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  url::CanonicalUrl canonical;
  for (std::string line; std::getline(std::cin, line);) {
    const std::string text = from_base64(line);
    if (!canonical.assign(text)) {
      std::cout << "ERR\n";
      continue;
    }
    const std::string port = canonical.has_default_port() ? "-" : std::to_string(canonical.port());
    std::cout << shown_host(text, canonical) << '\t' << port << '\t' << to_base64(canonical.path()) << '\n';
  }
  return 0;
}
