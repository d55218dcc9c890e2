#pragma once
// Finds the literals that occur in a text: by four-byte grams, shorter ones by three and two. Says "may be here", never
// leaves one out. Read in place from the ruleset file; any thread; no allocation.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "rules/match/file/file_view.hpp"
#include "rules/match/patterns/gram.hpp"
#include "rules/match/patterns/pattern_records.hpp"

namespace fairlead::rules::match {

class GramIndex {
 public:
  GramIndex(const FileView& file, Section base);

  /// Calls `hit(literal, begin)` for each place where a literal may begin in `text`, without regard to ASCII case,
  /// until it returns false. Cost: about a nanosecond a byte.
  template <class Hit>
  void scan(std::string_view text, Hit&& hit) const {
    if (buckets_.empty()) return;
    has_short_ ? scan<true>(text, hit) : scan<false>(text, hit);
  }

 private:
  /// A bit map, and the shift that makes a bit of a hash. A copy of it stays in registers.
  struct Map {
    const std::uint64_t* words = nullptr;
    unsigned shift = 0;
    [[nodiscard]] bool has(std::uint32_t bit) const { return (words[bit / 64] >> (bit % 64) & 1) != 0; }
    [[nodiscard]] bool has_hashed(std::uint32_t key) const { return has(hash_of_key(key) >> shift); }
  };

  /// kShort  whether there are literals of less than four bytes.
  template <bool kShort, class Hit>
  void scan(std::string_view text, Hit& hit) const {
    const Map whole = whole_, three = three_, two = two_;
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      key = next_long(key, kGramClassOf[static_cast<unsigned char>(text[i])]);
      const bool may_be_here = whole.has_hashed(first_four(key)) ||
                               (kShort && (three.has(last_bytes(key, 3)) || two.has(last_bytes(key, 2))));
      if (may_be_here && !confirm_each<kShort>(key, text, i + 1, hit)) return;
    }
    for (std::size_t end = text.size() + 1; end <= text.size() + kLongGram - kGram; ++end) {
      key = next_long(key, 0);  // behind the end: for grams of four bytes that end with the text
      if (!confirm_whole(key, text, end, hit)) return;
    }
  }

  [[nodiscard]] static std::uint32_t first_four(std::uint64_t key) {
    return static_cast<std::uint32_t>(key >> ((kLongGram - kGram) * kBitsAByte));
  }
  [[nodiscard]] static std::uint32_t last_bytes(std::uint64_t key, std::size_t size) {
    return static_cast<std::uint32_t>(key) & key_mask(size);
  }

  /// key  of the bytes before text[end]. These return what `hit` did last.
  template <bool kShort, class Hit>
  [[nodiscard]] bool confirm_each(std::uint64_t key, std::string_view text, std::size_t end, Hit& hit) const {
    if (!confirm_whole(key, text, end, hit)) return false;
    if constexpr (kShort) {
      const std::uint32_t of_three = last_bytes(key, 3), of_two = last_bytes(key, 2);
      if (end >= 3 && three_.has(of_three) && !confirm(sized_key(of_three, 3), text, end - 3, hit)) return false;
      if (end >= 2 && two_.has(of_two) && !confirm(sized_key(of_two, 2), text, end - 2, hit)) return false;
    }
    return true;
  }
  template <class Hit>
  [[nodiscard]] bool confirm_whole(std::uint64_t key, std::string_view text, std::size_t end, Hit& hit) const {
    if (end < kLongGram || !whole_.has_hashed(first_four(key))) return true;
    for (const std::uint32_t filed : {long_key_of(key), sized_key(first_four(key), kGram)}) {
      if (keys_.has_hashed(filed) && !confirm(filed, text, end - kLongGram, hit)) return false;
    }
    return true;
  }

  template <class Hit>
  [[nodiscard]] bool confirm(std::uint32_t key, std::string_view text, std::size_t at, Hit& hit) const {
    for (const LiteralRecord& literal : literals_of(key)) {
      if (literal.gram_begin > at) continue;
      const std::size_t begin = at - literal.gram_begin;
      if (begin + literal.size > text.size() || literal.size > sizeof(std::uint64_t)) continue;
      if ((bytes_at(text, begin, literal.size) | literal.case_bits) == literal.text && !hit(literal, begin))
        return false;
    }
    return true;
  }
  /// Up to eight bytes as a number, the first lowest.
  [[nodiscard]] static std::uint64_t bytes_at(std::string_view text, std::size_t begin, std::size_t size) {
    constexpr std::size_t kMost = sizeof(std::uint64_t);
    std::uint64_t word = 0;
    if (text.size() - begin < kMost) {
      std::memcpy(&word, text.data() + begin, size);
      return word;
    }
    std::memcpy(&word, text.data() + begin, kMost);
    return word & ~std::uint64_t{0} >> (8 * (kMost - std::max<std::size_t>(size, 1)));
  }
  [[nodiscard]] bool read_maps(Section base);
  [[nodiscard]] std::span<const LiteralRecord> literals_of(std::uint32_t key) const;

  const FileView* file_;
  Map whole_, keys_, three_, two_;
  bool has_short_ = false;
  std::span<const GramBucket> buckets_;      // open addressing, a power of two
  std::span<const LiteralRecord> literals_;  // by key
};

}  // namespace fairlead::rules::match
