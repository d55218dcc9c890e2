#include "rules/match/names/name_key.hpp"

#include <algorithm>
#include <array>

#include "rules/match/names/host_suffixes.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kPrefixBytes = 10;

/// A class for each byte, rising with the byte; letters, digits and the marks above have one each.
constexpr std::array<std::uint8_t, 256> kClassOf = [] {
  std::array<std::uint8_t, 256> table{};
  std::uint8_t next = 1;
  for (unsigned byte = 1; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    const bool own = byte <= 4 || c == '-' || (c >= '.' && c <= '9') || c == '_' || (c >= 'a' && c <= 'z');
    const bool after_own = c == '-' + 1 || c == '9' + 1 || c == '_' + 1 || c == 'z' + 1 || byte == 5;
    if (byte > 1 && (own || after_own)) ++next;
    table[byte] = next;
  }
  return table;
}();
static_assert(kClassOf[255] < 64);

}  // namespace

void append_host_key(std::string_view host, std::string& out) {
  if (is_address(host)) {
    (out += kAddress) += host;
    return;
  }
  while (true) {
    const std::size_t dot = host.rfind('.');
    if (dot == std::string_view::npos) break;
    (out += host.substr(dot + 1)) += kLabelEnd;
    host = host.substr(0, dot);
  }
  out += host;
}

std::size_t end_of_host(std::string_view key) {
  const auto* const end =
      std::find_if(key.begin(), key.end(), [](char c) { return c == kBlockedPath || c == kAllowedPath; });
  return static_cast<std::size_t>(end - key.begin());
}

std::string name_of_key(std::string_view key) {
  const std::size_t end = end_of_host(key);
  std::string name;
  std::string_view host = key.substr(0, end);
  if (host.starts_with(kAddress)) {
    name = host.substr(1);
  } else {
    while (true) {
      const std::size_t label = host.rfind(kLabelEnd);
      if (label == std::string_view::npos) break;
      (name += host.substr(label + 1)) += '.';
      host = host.substr(0, label);
    }
    name += host;
  }
  if (end < key.size()) name += key.substr(end + 1);
  std::replace(name.begin(), name.end(), kQueryBegin, '?');
  return name;
}

std::uint64_t prefix_of_key(std::string_view key) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < kPrefixBytes; ++i) {
    prefix = prefix << 6U | (i < key.size() ? kClassOf[static_cast<unsigned char>(key[i])] : 0);
  }
  return prefix;
}

}  // namespace fairlead::rules::match
