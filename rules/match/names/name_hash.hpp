#pragma once
// The hash of a name, eight bytes at a time from its end, so that one pass gives the hash of every suffix; and how it
// goes on for the pieces of a path. Part of the file format: a filter is built with it. Pure.

#include <cstdint>
#include <cstring>
#include <string_view>

#include "rules/base/eight_bytes.hpp"

namespace fairlead::rules::match {

inline constexpr std::uint64_t kNameHashSeed = 0x9E3779B97F4A7C15;

/// A 64 by 64 bit product, folded (as in wyhash): every bit of both sides reaches every bit of the result.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline constexpr std::uint64_t kHashFirst = 0xA0761D6478BD642F, kHashSecond = 0xE7037ED1A0B428DB;

/// The eight bytes of `name` that end at `end`, the first of them lowest; where it begins sooner, zeros stand in front.
[[nodiscard]] inline std::uint64_t word_before(std::string_view name, std::size_t end) {
  if (end >= 8) return text::load_eight(name.data() + end - 8);
  std::uint64_t word = 0;
  if (name.size() >= 8) {
    word = text::load_eight(name.data());
  } else {
    for (std::size_t i = 0; i < end; ++i) word |= std::uint64_t{static_cast<unsigned char>(name[i])} << (8 * i);
  }
  return end == 0 ? 0 : word << (8 * (8 - end));
}

/// The state behind eight more bytes.
[[nodiscard]] constexpr std::uint64_t hash_word(std::uint64_t state, std::uint64_t word) {
  return mix(state ^ word, kHashFirst);
}
/// The hash of a suffix of `size` bytes: of the words behind it, and of its first size % 8 bytes, the upper ones of
/// `word`.
[[nodiscard]] constexpr std::uint64_t hash_suffix(std::uint64_t state, std::uint64_t word, std::size_t size) {
  const std::size_t rest = size % 8;
  return mix(state ^ (rest == 0 ? 0 : word >> (8 * (8 - rest))), kHashSecond ^ size);
}

/// The hash of a whole name, whatever stands in it.
[[nodiscard]] inline std::uint64_t hash_name(std::string_view name) {
  std::uint64_t state = kNameHashSeed;
  std::size_t end = name.size();
  for (; end >= 8; end -= 8) state = hash_word(state, word_before(name, end));
  return hash_suffix(state, word_before(name, end), name.size());
}

/// Goes on from `rest` with a piece of a path. Any bytes may stand in it.
[[nodiscard]] inline std::uint64_t hash_piece(std::uint64_t rest, std::string_view piece) {
  const auto load = [&](std::size_t at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, piece.data() + at, size);
    return word;
  };
  std::uint64_t low = 0, high = 0;
  const std::size_t size = piece.size();
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) rest = mix(rest ^ load(at, 8), kHashFirst);
    low = load(size - 8, 8);
  } else if (size >= 4) {
    low = load(0, 4), high = load(size - 4, 4);
  } else if (size > 0) {
    low = static_cast<unsigned char>(piece[0]) | std::uint64_t{static_cast<unsigned char>(piece[size / 2])} << 8U |
          std::uint64_t{static_cast<unsigned char>(piece[size - 1])} << 16U;
  }
  return mix(rest ^ low ^ size << 56U, kHashSecond ^ high);
}

}  // namespace fairlead::rules::match
