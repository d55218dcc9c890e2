#pragma once
// Says which patterns could match a text, by three-byte pieces ("grams") of a literal that every match must contain.
// A filter: it may name a pattern that does not match, it never leaves out one that does. RE2 has the last word.
// Three bytes and not four, because the words that matter here are short ("bet", "vpn"); the few of two ("ai") are
// looked for as they are. Built once, then const.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {

class GramFilter {
 public:
  static constexpr std::size_t kShortest = 2;
  static constexpr std::size_t kLongest = 32;

  /// literal  kShortest to kLongest bytes, ASCII, lower case. `value` is handed to scan() when the literal occurs.
  void add(std::string_view literal, std::uint32_t value);
  void seal();

  /// Calls `hit(value, begin, size)` for each occurrence of each literal in `text`, without regard to ASCII case.
  /// Cost: about a nanosecond a byte; no allocation.
  template <class Hit>
  void scan(std::string_view text, Hit&& hit) const {
    if (literals_.empty()) return;
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      key = ((key << kBitsAByte) | kClassOf[static_cast<unsigned char>(text[i])]) & kKeyMask;
      if (i >= 2 && holds(grams_, key)) confirm(gram_buckets_, key, text, i - 2, hit);
      if (i >= 1 && holds(pairs_, key & kPairMask)) confirm(pair_buckets_, key & kPairMask, text, i - 1, hit);
    }
  }

 private:
  static constexpr unsigned kBitsAByte = 6;
  static constexpr std::uint32_t kKeyMask = (1U << (3 * kBitsAByte)) - 1;
  static constexpr std::uint32_t kPairMask = (1U << (2 * kBitsAByte)) - 1;
  // Letters and digits have a class each, without case; the rest shares what is left. A shared class costs a
  // comparison.
  static constexpr std::array<std::uint8_t, 256> kClassOf = [] {
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

  struct Literal {
    std::string text;
    std::uint32_t value = 0;
    std::uint32_t gram_begin = 0;
  };
  struct Bucket {
    std::uint32_t key = 0, begin = 0, size = 0;  // literals_[begin, begin + size); size 0: free
  };

  using Bits = std::vector<std::uint64_t>;  // one bit a key
  using Buckets = std::vector<Bucket>;      // open addressing, a power of two

  static bool holds(const Bits& bits, std::uint32_t key) { return (bits[key / 64] >> (key % 64) & 1) != 0; }
  [[nodiscard]] static std::uint32_t key_of(const Literal& literal);
  [[nodiscard]] static std::size_t rarest_gram(std::string_view literal);
  [[nodiscard]] static const Bucket* find(const Buckets& buckets, std::uint32_t key);
  /// Files literals_[begin, end) by key.
  void file(std::size_t begin, std::size_t end, std::uint32_t keys, Bits& bits, Buckets& buckets);

  template <class Hit>
  void confirm(const Buckets& buckets, std::uint32_t key, std::string_view text, std::size_t at, Hit& hit) const {
    const Bucket* found = find(buckets, key);
    if (found == nullptr) return;
    for (std::uint32_t i = 0; i < found->size; ++i) {
      const Literal& literal = literals_[found->begin + i];
      if (literal.gram_begin > at) continue;
      const std::size_t begin = at - literal.gram_begin;
      if (begin + literal.text.size() > text.size()) continue;
      if (text::equals_ignoring_case(text.substr(begin, literal.text.size()), literal.text)) {
        hit(literal.value, begin, literal.text.size());
      }
    }
  }

  Bits grams_, pairs_;
  Buckets gram_buckets_, pair_buckets_;
  std::vector<Literal> literals_;  // first those of two bytes; by key
};

}  // namespace fairlead::rules::match
