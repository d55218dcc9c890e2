#include "rules/url/ip_address.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

#include "rules/base/text.hpp"

namespace fairlead::rules::url {
namespace {

constexpr std::uint64_t kTooLarge = std::numeric_limits<std::uint32_t>::max() + std::uint64_t{1};

/// WHATWG "IPv4 number parser"; values that no address can hold become kTooLarge.
std::optional<std::uint64_t> ipv4_number(std::string_view label) {
  if (label.empty()) return std::nullopt;
  int base = 10;
  if (label.size() >= 2 && label[0] == '0') {
    const bool hexadecimal = text::to_lower(label[1]) == 'x';
    base = hexadecimal ? 16 : 8;
    label.remove_prefix(hexadecimal ? 2 : 1);
  }
  std::uint64_t value = 0;  // "0x" alone is 0
  for (const char c : label) {
    const int digit = text::hex_value(c);
    if (digit < 0 || digit >= base) return std::nullopt;
    value = std::min(value * static_cast<unsigned>(base) + static_cast<unsigned>(digit), kTooLarge);
  }
  return value;
}

/// Reads "a.b.c.d" at the end of an IPv6 address into two pieces; every part is 0-255 without leading zero.
bool read_dotted_tail(std::string_view text, Ipv6Pieces& pieces, std::size_t& piece) {
  if (piece > 6) return false;
  std::array<unsigned, 4> parts{};
  std::size_t i = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (part > 0 && (i >= text.size() || text[i++] != '.')) return false;
    const std::size_t begin = i;
    while (i < text.size() && text::is_digit(text[i])) {
      if (i > begin && parts[part] == 0) return false;
      parts[part] = parts[part] * 10 + static_cast<unsigned>(text[i++] - '0');
      if (parts[part] > 255) return false;
    }
    if (i == begin) return false;
  }
  if (i != text.size()) return false;
  pieces[piece++] = static_cast<std::uint16_t>(parts[0] << 8U | parts[1]);
  pieces[piece++] = static_cast<std::uint16_t>(parts[2] << 8U | parts[3]);
  return true;
}

void append_number(unsigned value, int base, std::string& out) {
  std::array<char, 12> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value, base);
  out.append(digits.data(), result.ptr);
}

}  // namespace

bool ends_in_number(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (last.empty() || !text::is_digit(last[0])) return false;
  return std::all_of(last.begin(), last.end(), text::is_digit) || ipv4_number(last).has_value();
}

std::optional<std::uint32_t> parse_ipv4(std::string_view name) {
  std::array<std::uint64_t, 4> numbers{};
  std::size_t count = 0;
  for (;;) {
    if (count == numbers.size()) return std::nullopt;
    const std::size_t dot = name.find('.');
    const auto number = ipv4_number(name.substr(0, dot));
    if (!number) return std::nullopt;
    numbers[count++] = *number;
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  // The last number fills all bytes that the others leave.
  const std::uint64_t limit = std::uint64_t{1} << (8 * (5 - count));
  if (numbers[count - 1] >= limit) return std::nullopt;
  std::uint64_t address = numbers[count - 1];
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
    address |= numbers[i] << (8 * (3 - i));
  }
  return static_cast<std::uint32_t>(address);
}

std::optional<Ipv6Pieces> parse_ipv6(std::string_view text) {
  Ipv6Pieces pieces{};
  std::size_t piece = 0;
  std::optional<std::size_t> compress;
  if (text.starts_with(':')) {
    if (!text.starts_with("::")) return std::nullopt;
    text.remove_prefix(2);
    compress = 0;
  }
  while (!text.empty()) {
    if (piece == pieces.size()) return std::nullopt;
    if (text[0] == ':') {
      if (compress) return std::nullopt;
      text.remove_prefix(1);
      compress = piece;
      continue;
    }
    unsigned value = 0;
    std::size_t length = 0;
    while (length < 4 && length < text.size() && text::hex_value(text[length]) >= 0) {
      value = value * 16 + static_cast<unsigned>(text::hex_value(text[length++]));
    }
    if (length < text.size() && text[length] == '.') {
      if (!read_dotted_tail(text, pieces, piece)) return std::nullopt;
      break;
    }
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
    pieces[piece++] = static_cast<std::uint16_t>(value);
    if (text.empty()) break;
    if (text[0] != ':' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
  }
  if (!compress) return piece == pieces.size() ? std::optional(pieces) : std::nullopt;
  if (piece == pieces.size()) return std::nullopt;
  std::rotate(pieces.begin() + static_cast<std::ptrdiff_t>(*compress),
              pieces.begin() + static_cast<std::ptrdiff_t>(piece), pieces.end());
  return pieces;
}

std::optional<std::uint32_t> mapped_ipv4(const Ipv6Pieces& pieces) {
  if (!std::all_of(pieces.begin(), pieces.begin() + 5, [](std::uint16_t piece) { return piece == 0; })) {
    return std::nullopt;
  }
  if (pieces[5] != 0xffff) return std::nullopt;
  return static_cast<std::uint32_t>(pieces[6]) << 16U | pieces[7];
}

void append_ipv4(std::uint32_t address, std::string& out) {
  for (unsigned shift = 24;; shift -= 8) {
    append_number(address >> shift & 255U, 10, out);
    if (shift == 0) break;
    out += '.';
  }
}

void append_ipv6(const Ipv6Pieces& pieces, std::string& out) {
  std::size_t run_begin = pieces.size();
  std::size_t run_size = 1;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::size_t end = i;
    while (end < pieces.size() && pieces[end] == 0) ++end;
    if (end - i > run_size) {
      run_begin = i;
      run_size = end - i;
    }
    if (end > i) i = end;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i == run_begin) {
      out += i == 0 ? "::" : ":";
      i += run_size - 1;
      continue;
    }
    append_number(pieces[i], 16, out);
    if (i + 1 < pieces.size()) out += ':';
  }
}

}  // namespace fairlead::rules::url
