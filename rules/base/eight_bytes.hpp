#pragma once
// Eight bytes of a text at once, in one number: the byte at the lowest address lowest. Pure.

#include <cstdint>
#include <cstring>

namespace fairlead::text {

inline constexpr std::uint64_t kEachByte = 0x0101010101010101;
inline constexpr std::uint64_t kUpperBits = 0x80 * kEachByte, kLowerBits = 0x7F * kEachByte;

[[nodiscard]] inline std::uint64_t load_eight(const char* from) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, from, sizeof(bytes));
  return bytes;
}

/// The upper bit of each byte that is `c`, and no other.
[[nodiscard]] constexpr std::uint64_t where_equal(std::uint64_t bytes, char c) {
  const std::uint64_t zero_where_equal = bytes ^ (static_cast<unsigned char>(c) * kEachByte);
  return ~(((zero_where_equal & kLowerBits) + kLowerBits) | zero_where_equal | kLowerBits);
}

/// A-Z in lower case; every other byte stays.
[[nodiscard]] constexpr std::uint64_t lower_eight(std::uint64_t bytes) {
  const std::uint64_t low = bytes & kLowerBits;
  const std::uint64_t from_a = low + (0x80 - 'A') * kEachByte, behind_z = low + (0x80 - 'Z' - 1) * kEachByte;
  return bytes | ((from_a ^ behind_z) & ~bytes & kUpperBits) >> 2U;  // 0x80 >> 2 is what 'a' has more than 'A'
}

}  // namespace fairlead::text
