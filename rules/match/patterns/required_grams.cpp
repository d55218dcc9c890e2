#include "rules/match/patterns/required_grams.hpp"

#include <algorithm>
#include <bit>

namespace fairlead::rules::match {

void append_required(std::span<const std::vector<std::string>> sets, std::vector<RequiredGram>& out) {
  constexpr std::size_t kMostInSet = 128;
  for (const std::vector<std::string>& literals : sets) {
    const bool says_enough =
        !literals.empty() && literals.size() <= kMostInSet &&
        std::all_of(literals.begin(), literals.end(), [](const auto& text) { return text.size() >= kRequiredGram; });
    if (!says_enough) continue;
    for (const std::string& literal : literals) {
      // Begin, middle and end: the words of a literal.
      const std::size_t last = literal.size() - kRequiredGram;
      for (const std::size_t at : {std::size_t{0}, last / 2, last}) {
        const RequiredGram gram = key_of_gram(std::string_view(literal).substr(at, kRequiredGram));
        if (at == 0 || gram != out.back()) out.push_back(gram);
      }
      out.back() |= kEndsLiteral;
    }
    out.back() |= kEndsSet;
  }
}

void SeenGrams::begin(std::size_t bytes) {
  log2_ = std::clamp(static_cast<unsigned>(std::bit_width(bytes * 32)), kLeastLog2, kMostLog2);
  std::fill_n(bits_.begin(), (std::size_t{1} << log2_) / 64, 0);
}

void SeenGrams::add(std::initializer_list<std::string_view> parts) {
  std::uint32_t key = 0;
  std::size_t read = 0;
  for (const std::string_view part : parts) {
    for (const char c : part) {
      key = next_key(key, c) & key_mask(kRequiredGram);
      if (++read < kRequiredGram) continue;
      const std::uint32_t bit = bit_of(key);
      bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
  }
}

bool SeenGrams::satisfy(std::span<const RequiredGram> required) const {
  bool literal_seen = true, set_seen = false;
  for (const RequiredGram gram : required) {
    literal_seen = literal_seen && has(gram & ~(kEndsLiteral | kEndsSet));
    if ((gram & kEndsLiteral) != 0) {
      set_seen = set_seen || literal_seen;
      literal_seen = true;
    }
    if ((gram & kEndsSet) != 0) {
      if (!set_seen) return false;
      set_seen = false;
    }
  }
  return true;
}

}  // namespace fairlead::rules::match
