#include "rules/match/gram_filter.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

namespace fairlead::rules::match {
namespace {

/// How often a byte occurs in addresses, roughly, from 0 (rare) to 9; only the order matters, never a verdict.
constexpr unsigned weight(char c) {
  constexpr std::string_view kCommon = "eaotirnscw/.-lmdpuhgbfyvk=012_?&3x456789jzq";
  const std::size_t at = kCommon.find(c);
  return at == std::string_view::npos ? 0 : static_cast<unsigned>(9 - at * 9 / kCommon.size());
}

constexpr unsigned weight_of_gram(std::string_view text, std::size_t begin) {
  return weight(text[begin]) + weight(text[begin + 1]) + weight(text[begin + 2]);
}

constexpr std::uint32_t slot_of(std::uint32_t key) { return (key * 2654435761U) >> 8; }

}  // namespace

std::uint32_t GramFilter::key_at(std::string_view text, std::size_t begin) {
  std::uint32_t key = 0;
  for (std::size_t i = begin; i < begin + kShortest; ++i) {
    key = (key << kBitsAByte) | kClassOf[static_cast<unsigned char>(text[i])];
  }
  return key;
}

std::size_t GramFilter::rarest_gram(std::string_view literal) {
  std::size_t best = 0;
  for (std::size_t i = 1; i + kShortest <= literal.size(); ++i) {
    if (weight_of_gram(literal, i) < weight_of_gram(literal, best)) best = i;
  }
  return best;
}

unsigned GramFilter::commonness(std::string_view literal) {
  return weight_of_gram(literal, rarest_gram(literal)) * 4 +
         (literal.size() < 6 ? 6 - static_cast<unsigned>(literal.size()) : 0);
}

void GramFilter::add(std::string_view literal, std::uint32_t value) {
  literals_.push_back({std::string(literal), value, static_cast<std::uint32_t>(rarest_gram(literal))});
}

void GramFilter::seal() {
  const auto key_of = [](const Literal& literal) { return key_at(literal.text, literal.gram_begin); };
  std::sort(literals_.begin(), literals_.end(), [&](const Literal& a, const Literal& b) {
    return std::tuple(key_of(a), a.text, a.value) < std::tuple(key_of(b), b.text, b.value);
  });
  literals_.shrink_to_fit();
  present_.assign((kKeyMask + 1) / 64, 0);
  buckets_.assign(std::bit_ceil(literals_.size() * 2 + 1), Bucket{});
  for (std::uint32_t i = 0; i < literals_.size();) {
    Bucket filled{key_of(literals_[i]), i, 0};
    while (i < literals_.size() && key_of(literals_[i]) == filled.key) ++i, ++filled.size;
    present_[filled.key / 64] |= std::uint64_t{1} << (filled.key % 64);
    std::size_t at = slot_of(filled.key) & (buckets_.size() - 1);
    while (buckets_[at].size != 0) at = (at + 1) & (buckets_.size() - 1);
    buckets_[at] = filled;
  }
}

const GramFilter::Bucket* GramFilter::bucket(std::uint32_t key) const {
  for (std::size_t at = slot_of(key) & (buckets_.size() - 1); buckets_[at].size != 0;
       at = (at + 1) & (buckets_.size() - 1)) {
    if (buckets_[at].key == key) return &buckets_[at];
  }
  return nullptr;
}

}  // namespace fairlead::rules::match
