#include "rules/match/gram_filter.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "rules/match/literal_share.hpp"

namespace fairlead::rules::match {
namespace {

constexpr std::uint32_t slot_of(std::uint32_t key) { return (key * 2654435761U) >> 8; }

}  // namespace

/// The gram (or, of a literal of two bytes, the whole) under which a literal is found.
std::uint32_t GramFilter::key_of(const Literal& literal) {
  std::uint32_t key = 0;
  for (const char c : std::string_view(literal.text).substr(literal.gram_begin, 3)) {
    key = (key << kBitsAByte) | kClassOf[static_cast<unsigned char>(c)];
  }
  return key;
}

std::size_t GramFilter::rarest_gram(std::string_view literal) {
  std::size_t best = 0;
  double share_of_best = share_of_literal(literal.substr(0, 3));
  for (std::size_t i = 1; i + 3 <= literal.size(); ++i) {
    const double share = share_of_literal(literal.substr(i, 3));
    if (share < share_of_best) best = i, share_of_best = share;
  }
  return best;
}

void GramFilter::add(std::string_view literal, std::uint32_t value) {
  literals_.push_back({std::string(literal), value, static_cast<std::uint32_t>(rarest_gram(literal))});
}

void GramFilter::seal() {
  const auto rank = [](const Literal& literal) {
    return std::tuple(literal.text.size() > 2, key_of(literal), std::string_view(literal.text), literal.value);
  };
  std::sort(literals_.begin(), literals_.end(), [&](const Literal& a, const Literal& b) { return rank(a) < rank(b); });
  literals_.shrink_to_fit();
  const auto longer =
      std::find_if(literals_.begin(), literals_.end(), [](const Literal& l) { return l.text.size() > 2; });
  const auto pairs = static_cast<std::size_t>(longer - literals_.begin());
  file(0, pairs, kPairMask + 1, pairs_, pair_buckets_);
  file(pairs, literals_.size(), kKeyMask + 1, grams_, gram_buckets_);
}

void GramFilter::file(std::size_t begin, std::size_t end, std::uint32_t keys, Bits& bits, Buckets& buckets) {
  bits.assign(keys / 64, 0);
  buckets.assign(std::bit_ceil((end - begin) * 2 + 1), Bucket{});
  for (std::size_t i = begin; i < end;) {
    Bucket filled{key_of(literals_[i]), static_cast<std::uint32_t>(i), 0};
    while (i < end && key_of(literals_[i]) == filled.key) ++i, ++filled.size;
    bits[filled.key / 64] |= std::uint64_t{1} << (filled.key % 64);
    std::size_t at = slot_of(filled.key) & (buckets.size() - 1);
    while (buckets[at].size != 0) at = (at + 1) & (buckets.size() - 1);
    buckets[at] = filled;
  }
}

const GramFilter::Bucket* GramFilter::find(const Buckets& buckets, std::uint32_t key) {
  for (std::size_t at = slot_of(key) & (buckets.size() - 1); buckets[at].size != 0;
       at = (at + 1) & (buckets.size() - 1)) {
    if (buckets[at].key == key) return &buckets[at];
  }
  return nullptr;
}

}  // namespace fairlead::rules::match
