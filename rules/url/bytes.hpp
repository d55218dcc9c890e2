#pragma once
// Which bytes mean what inside a URL: one table, asked byte by byte. Internal to rules/url; pure constants.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "rules/base/eight_bytes.hpp"
#include "rules/base/text.hpp"

namespace fairlead::rules::url {

constexpr std::uint8_t kForbiddenInHost = 1;  // WHATWG "forbidden domain code point"
constexpr std::uint8_t kEncodeInPath = 2;     // never forwarded as it stands in a path
constexpr std::uint8_t kEncodeInQuery = 4;    // WHATWG "special-query percent-encode set"
constexpr std::uint8_t kUnreserved = 8;       // RFC 3986 section 2.3: an escape of it means the byte itself
constexpr std::uint8_t kPathStop = 16;        // a path may not be copied over this byte unseen
constexpr std::uint8_t kNotPlainHost = 32;    // a host name may not be copied over this byte unseen
constexpr std::uint8_t kEndsAuthority = 64;   // what stands between authority and path, query or fragment

constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view bytes, int bits) {
    for (const char c : bytes) table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(bits);
  };
  for (std::size_t c = 0; c < 256; ++c) {
    const bool control = c < 0x20 || c == 0x7f;
    if (control) table[c] |= kForbiddenInHost | kNotPlainHost | kEncodeInPath | kEncodeInQuery | kPathStop;
    if (c >= 0x80) table[c] |= kEncodeInPath | kEncodeInQuery | kPathStop | kNotPlainHost;
    if (text::is_alnum(static_cast<char>(c))) table[c] |= kUnreserved;
  }
  mark(" #/:<>?@[\\]^|%", kForbiddenInHost | kNotPlainHost);
  mark(" \"<>`{}|^", kEncodeInPath | kPathStop);
  mark(" \"<>'#", kEncodeInQuery);
  mark("-._~", kUnreserved);
  mark("/\\%", kPathStop);
  mark("/\\?#", kEndsAuthority);
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kByteClasses = make_byte_classes();

constexpr bool is_a(char c, std::uint8_t byte_class) {
  return (kByteClasses[static_cast<unsigned char>(c)] & byte_class) != 0;
}

/// The byte that "%XX" at `at` stands for, or -1 when there is no whole escape.
constexpr int escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = text::hex_value(text[at + 1]);
  const int low = text::hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Appends "%XX" with upper-case digits.
inline void append_escape(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 15U];
}

/// Undoes every whole escape once; stray '%' stay.
inline void append_decoded(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int byte = escaped_byte(text, i);
    if (byte >= 0) i += 2;
    out += byte >= 0 ? static_cast<char>(byte) : text[i];
  }
}

/// Appends `text` with every whole escape undone once and A-Z in lower case; '+' becomes a space when `plus_is_space`.
/// True when all of it is ASCII.
inline bool append_folded(std::string_view text, bool plus_is_space, std::string& out) {
  const std::size_t begin = out.size();
  out.resize(begin + text.size());
  char* to = out.data() + begin;
  unsigned char seen = 0;
  std::uint64_t seen_by_eight = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (; i + 8 <= text.size(); i += 8, to += 8) {  // most of a text has nothing to undo
      const std::uint64_t bytes = text::load_eight(text.data() + i);
      if ((text::where_equal(bytes, '%') | text::where_equal(bytes, '+')) != 0) break;
      const std::uint64_t lower = text::lower_eight(bytes);
      std::memcpy(to, &lower, sizeof(lower));
      seen_by_eight |= bytes;
    }
    if (i == text.size()) break;
    char c = text[i];
    if (c == '%') {
      const int byte = escaped_byte(text, i);
      if (byte >= 0) {
        c = static_cast<char>(byte);
        i += 2;
      }
    } else if (c == '+' && plus_is_space) {
      c = ' ';
    }
    seen |= static_cast<unsigned char>(c);
    *to++ = text::to_lower(c);
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return seen < 0x80 && (seen_by_eight & text::kUpperBits) == 0;
}

}  // namespace fairlead::rules::url
