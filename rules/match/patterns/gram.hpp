#pragma once
// The pieces of two to four bytes by which patterns are found, as numbers without regard to case. Part of the file
// format. Pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {

inline constexpr unsigned kBitsAByte = 6;
inline constexpr std::size_t kGram = 4;      // bytes of a whole gram
inline constexpr std::size_t kLongGram = 6;  // of literals that have as many: far fewer texts hold one
inline constexpr std::size_t kShortest = 2;  // of a literal that can be looked for

/// The mask of the last `size` bytes of a key.
[[nodiscard]] constexpr std::uint32_t key_mask(std::size_t size) { return (1U << (size * kBitsAByte)) - 1; }

/// Letters and digits have a class each, without case; the rest shares what is left. A shared class costs a comparison.
inline constexpr std::array<std::uint8_t, 256> kGramClassOf = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const char lower = text::to_lower(static_cast<char>(c));
    if (text::is_alpha(lower)) {
      table[c] = static_cast<std::uint8_t>(1 + (lower - 'a'));
    } else if (text::is_digit(lower)) {
      table[c] = static_cast<std::uint8_t>(27 + (lower - '0'));
    } else if (c < 128) {
      table[c] = static_cast<std::uint8_t>(37 + c % 26);
    }
  }
  return table;
}();

[[nodiscard]] constexpr std::uint32_t next_key(std::uint32_t key, char c) {
  return key << kBitsAByte | kGramClassOf[static_cast<unsigned char>(c)];
}

/// The key of a gram of up to four bytes.
[[nodiscard]] constexpr std::uint32_t key_of_gram(std::string_view gram) {
  std::uint32_t key = 0;
  for (const char c : gram) key = next_key(key, c);
  return key;
}
/// The key of a long gram, bytes one by one.
inline constexpr std::uint64_t kLongMask = (std::uint64_t{1} << (kLongGram * kBitsAByte)) - 1;
[[nodiscard]] constexpr std::uint64_t next_long(std::uint64_t key, std::uint8_t byte_class) {
  return (key << kBitsAByte | byte_class) & kLongMask;
}

/// The key of a gram of `size` bytes, apart from those of other sizes.
[[nodiscard]] constexpr std::uint32_t sized_key(std::uint32_t key, std::size_t size) {
  return key | static_cast<std::uint32_t>(kGram - size) << (kGram * kBitsAByte);
}
/// The key of a long gram, in as many bits.
[[nodiscard]] constexpr std::uint32_t long_key_of(std::uint64_t key) {
  return static_cast<std::uint32_t>(key * 0x9E3779B97F4A7C15U >> 32U);
}
/// Its upper bits are the good ones.
[[nodiscard]] constexpr std::uint32_t hash_of_key(std::uint32_t key) { return key * 2654435761U; }

}  // namespace fairlead::rules::match
