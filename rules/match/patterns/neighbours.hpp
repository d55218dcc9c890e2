#pragma once
// What may stand beside a literal in the texts that a pattern matches. A literal that stands in an address by chance,
// as the end of one word and the beginning of another, is told from the one that is meant without reading the rest.
// Part of the file format. Pure.

#include <array>
#include <cstdint>
#include <string_view>

#include "rules/base/text.hpp"

namespace fairlead::rules::match {

/// A set of kinds of bytes: a bit for each letter without case, one each for digits, '-', '.' and '/', one for the edge
/// of a text, and one for the rest. '?' counts as an edge, since one part of an address ends there and another begins:
/// beyond it nothing is looked at.
using Kinds = std::uint32_t;
inline constexpr Kinds kEdge = Kinds{1} << 30U;
inline constexpr Kinds kRest = Kinds{1} << 31U;
inline constexpr Kinds kEveryKind = ~Kinds{0};

inline constexpr std::array<Kinds, 256> kKindOf = [] {
  std::array<Kinds, 256> table{};
  constexpr std::string_view kOwn = "-./?";
  for (unsigned c = 0; c < 256; ++c) {
    const char lower = text::to_lower(static_cast<char>(c));
    const std::size_t own = kOwn.find(lower);
    const unsigned bit = text::is_alpha(lower)           ? static_cast<unsigned>(lower - 'a')
                         : text::is_digit(lower)         ? 26U
                         : own != std::string_view::npos ? 27U + static_cast<unsigned>(own)
                                                         : 31U;
    table[c] = Kinds{1} << bit;
  }
  return table;
}();
[[nodiscard]] constexpr Kinds kind_of(char c) { return kKindOf[static_cast<unsigned char>(c)]; }
static_assert(kind_of('?') == kEdge && kind_of('_') == kRest && kind_of('\x80') == kRest);

inline constexpr std::size_t kReach = 3;  // how far a literal is looked beside

/// What may stand on one side of a literal.
struct BesideKinds {
  std::array<Kinds, kReach> at = {kEveryKind, kEveryKind, kEveryKind};  // from the nearest byte outwards
  Kinds last = 0;  // what a match may end with there, so that anything may stand beyond
};
struct Neighbours {
  BesideKinds before, behind;
};

/// Whether what stands beside text[begin, end) is what may.
/// until    behind text[until] nothing is looked at: another reading of the text may go on otherwise there.
/// is_edge  whether some reading of the text begins or ends before text[at].
template <class IsEdge>
[[nodiscard]] constexpr bool fits(const Neighbours& beside, std::string_view text, std::size_t begin, std::size_t end,
                                  std::size_t until, IsEdge&& is_edge) {
  for (std::size_t i = 0; i < kReach && i <= begin; ++i) {
    const std::size_t at = begin - i;
    const Kinds kinds = (at == 0 ? kEdge : kind_of(text[at - 1])) | (is_edge(at) ? kEdge : 0);
    if ((beside.before.at[i] & kinds) == 0) return false;
    if ((beside.before.last & kinds) != 0) break;
  }
  for (std::size_t i = 0; i < kReach && end + i <= until; ++i) {
    const std::size_t at = end + i;
    const Kinds kinds = (at == text.size() ? kEdge : kind_of(text[at])) | (is_edge(at) ? kEdge : 0);
    if ((beside.behind.at[i] & kinds) == 0) return false;
    if ((beside.behind.last & kinds) != 0) break;
  }
  return true;
}

}  // namespace fairlead::rules::match
