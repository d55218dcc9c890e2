#pragma once
// The hash of a name, label by label from its end, so that one pass gives the hash of every suffix. Part of the file
// format: a filter is built with it. Pure.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace fairlead::rules::match {

inline constexpr std::uint64_t kNameHashSeed = 0x9E3779B97F4A7C15;

/// A 64 by 64 bit product, folded (as in wyhash): every bit of both sides reaches every bit of the result.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// The hash of "label" + "." + the name that hashed to `rest`; for the last label, `rest` is kNameHashSeed.
/// Any bytes may stand in a label, so that the piece of a path is one as well.
[[nodiscard]] inline std::uint64_t hash_label(std::uint64_t rest, std::string_view label) {
  constexpr std::uint64_t kFirst = 0xA0761D6478BD642F, kSecond = 0xE7037ED1A0B428DB;
  const auto load = [&](std::size_t at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, label.data() + at, size);
    return word;
  };
  std::uint64_t low = 0, high = 0;
  const std::size_t size = label.size();
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) rest = mix(rest ^ load(at, 8), kFirst);
    low = load(size - 8, 8);
  } else if (size >= 4) {
    low = load(0, 4), high = load(size - 4, 4);
  } else if (size > 0) {
    low = static_cast<unsigned char>(label[0]) | std::uint64_t{static_cast<unsigned char>(label[size / 2])} << 8U |
          std::uint64_t{static_cast<unsigned char>(label[size - 1])} << 16U;
  }
  return mix(rest ^ low ^ size << 56U, kSecond ^ high);
}

}  // namespace fairlead::rules::match
