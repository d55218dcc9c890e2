#include "rules/match/patterns/gram_share.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "rules/base/text.hpp"
#include "rules/match/patterns/common_grams.hpp"
#include "rules/match/patterns/gram.hpp"

namespace fairlead::rules::match {
namespace {

constexpr double kBytesOfAnAddress = 100;

/// Share of each byte in addresses, in percent.
double share_of_byte(char c) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::array<double, kLetters.size()> kShare = {8,   2,   5, 3.5, 9,   2,   3, 3.5, 6.5, 0.7, 1.5, 4,   4.5,
                                                          5.5, 7.5, 4, 0.4, 5.5, 6.5, 7, 3,   1.5, 3,   0.8, 1.5, 0.5};
  const char lower = text::to_lower(c);
  if (const std::size_t at = kLetters.find(lower); at != std::string_view::npos) return kShare[at];
  if (c >= '0' && c <= '9') return 2;
  if (c == '/' || c == '.') return 6;
  return c == '-' ? 3 : 1.5;
}

}  // namespace

GramShares::GramShares() {
  for (std::size_t i = 0; i < kCommonGrams.size(); i += kGram) {
    const std::string_view gram = kCommonGrams.substr(i, kGram);
    const std::size_t rank = i / kGram + 1;
    const double share = 0.9 / std::pow(static_cast<double>(rank), 0.75);  // fits the counts within a third
    common_[2].emplace(key_of_gram(gram), share);
    for (std::size_t size = 2; size < kGram; ++size) {
      for (std::size_t at = 0; at + size <= kGram; ++at) {
        double& known = common_[size - 2][key_of_gram(gram.substr(at, size))];
        known = std::max(known, share);
      }
    }
  }
}

double GramShares::of_gram(std::string_view gram) const {
  double share = kBytesOfAnAddress;
  for (const char c : gram) share *= share_of_byte(c) / 100;
  const auto& common = common_[gram.size() - 2];
  const auto known = common.find(key_of_gram(gram));
  return known == common.end() ? share : std::max(share, known->second);
}

double GramShares::of_text(std::string_view text) const {
  double share = of_gram(text.substr(0, kGram));
  for (std::size_t i = 1; i + kGram <= text.size(); ++i) share = std::min(share, of_gram(text.substr(i, kGram)));
  return share;
}

double GramShares::of_literal(std::string_view literal) const {
  const double share = of_text(literal);
  const auto used = uses_.find(std::string(literal));
  return used == uses_.end() ? share : share * (1 + used->second);
}

}  // namespace fairlead::rules::match
