#pragma once
// A second look at a pattern that a literal has woken: is the rest there that every match must have? It costs a few
// nanoseconds where RE2 costs a microsecond, and most patterns of several words fail it. Part of the file format. Pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/match/patterns/gram.hpp"

namespace fairlead::rules::match {

/// One three-byte gram of a literal: its key, and what ends with it. Sets follow one another, literals in them too.
using RequiredGram = std::uint32_t;
inline constexpr std::size_t kRequiredGram = 3;
inline constexpr RequiredGram kEndsLiteral = 1U << 30U;
inline constexpr RequiredGram kEndsSet = 1U << 31U;
static_assert(key_mask(kRequiredGram) < kEndsLiteral);

/// Appends sets of literals, one of each of which is in every text that matches. Left out are a set with a literal of
/// two bytes, which says little, and a set of very many, which would take as long as RE2.
void append_required(std::span<const std::vector<std::string>> sets, std::vector<RequiredGram>& out);

/// The three-byte grams of some texts, as a bit map: says "may be there", never leaves one out.
class SeenGrams {
 public:
  /// To be called before all else. Nothing is zeroed sooner: eight KiB for each URL would be a good part of what a
  /// decision takes.
  /// bytes  of all texts together.
  void begin(std::size_t bytes);
  [[nodiscard]] bool has_begun() const { return log2_ != 0; }
  /// Each part goes on where the one before ended.
  void add(std::initializer_list<std::string_view> parts);

  /// Whether each set has a literal all of whose grams were seen.
  [[nodiscard]] bool satisfy(std::span<const RequiredGram> required) const;

 private:
  static constexpr unsigned kLeastLog2 = 11, kMostLog2 = 16;
  [[nodiscard]] std::uint32_t bit_of(std::uint32_t key) const { return hash_of_key(key) >> (32 - log2_); }
  [[nodiscard]] bool has(std::uint32_t key) const {
    const std::uint32_t bit = bit_of(key);
    return (bits_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  unsigned log2_ = 0;
  std::array<std::uint64_t, (std::size_t{1} << kMostLog2) / 64> bits_;  // only the first 2^log2_ are in use
};

}  // namespace fairlead::rules::match
