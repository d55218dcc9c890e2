#pragma once
// Finds the literals that occur in a text: by four-byte grams, shorter ones by three and two. Says "may be here", never
// leaves one out. Read in place from the ruleset file; any thread; no allocation.

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

  /// Calls `hit(literal, begin)` for each place where a literal may begin in `text`, without regard to ASCII case.
  /// Cost: about a nanosecond a byte.
  template <class Hit>
  void scan(std::string_view text, Hit&& hit) const {
    if (buckets_.empty()) return;
    scan_whole(text, hit);
    if (!three_.empty()) scan_short<3>(three_, text, hit);
    if (!two_.empty()) scan_short<2>(two_, text, hit);
  }

 private:
  template <class Hit>
  void scan_whole(std::string_view text, Hit& hit) const {
    std::uint64_t key = 0;
    std::size_t read = 0;
    const auto step = [&](std::uint8_t byte_class) {
      key = next_long(key, byte_class);
      ++read;
      const auto gram = static_cast<std::uint32_t>(key >> ((kLongGram - kGram) * kBitsAByte));
      if (has(whole_, gram) && read >= kLongGram) confirm_whole(key, gram, text, read - kLongGram, hit);
    };
    for (const char c : text) step(kGramClassOf[static_cast<unsigned char>(c)]);
    for (std::size_t i = kGram; i < kLongGram; ++i) step(0);  // behind the end: for grams that are not long
  }
  [[nodiscard]] bool has(std::span<const std::uint64_t> map, std::uint32_t key) const {
    const std::uint32_t bit = hash_of_key(key) >> (32 - log2_of_whole_);
    return (map[bit / 64] >> (bit % 64) & 1) != 0;
  }
  template <class Hit>
  void confirm_whole(std::uint64_t key, std::uint32_t gram, std::string_view text, std::size_t at, Hit& hit) const {
    if (const std::uint32_t of_long = long_key_of(key); has(keys_, of_long)) confirm(of_long, text, at, hit);
    if (const std::uint32_t of_four = sized_key(gram, kGram); has(keys_, of_four)) confirm(of_four, text, at, hit);
  }

  template <std::size_t size, class Hit>
  void scan_short(std::span<const std::uint64_t> map, std::string_view text, Hit& hit) const {
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      key = next_key(key, text[i]) & key_mask(size);
      if ((map[key / 64] >> (key % 64) & 1) != 0 && i + 1 >= size)
        confirm(sized_key(key, size), text, i + 1 - size, hit);
    }
  }

  template <class Hit>
  void confirm(std::uint32_t key, std::string_view text, std::size_t at, Hit& hit) const {
    for (const LiteralRecord& literal : literals_of(key)) {
      if (literal.gram_begin > at) continue;
      const std::size_t begin = at - literal.gram_begin;
      if (begin + literal.size > text.size() || literal.size > sizeof(std::uint64_t)) continue;
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + begin, literal.size);
      if ((word | literal.case_bits) == literal.text) hit(literal, begin);
    }
  }
  [[nodiscard]] bool read_maps(Section base);
  [[nodiscard]] std::span<const LiteralRecord> literals_of(std::uint32_t key) const;

  const FileView* file_;
  unsigned log2_of_whole_ = 0;
  std::span<const std::uint64_t> whole_, keys_, three_, two_;  // bit maps
  std::span<const GramBucket> buckets_;                        // open addressing, a power of two
  std::span<const LiteralRecord> literals_;                    // by key
};

}  // namespace fairlead::rules::match
