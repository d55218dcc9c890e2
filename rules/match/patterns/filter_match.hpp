#pragma once
// Whether a plain Adblock filter matches an address. Pure; no allocation.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fairlead::rules::match {

/// An address as filters see it.
struct FilteredText {
  std::string_view href;
  std::size_t host_begin = 0, host_end = 0;  // in href
};

/// text      between the anchors, '*' any run, '^' a separator or the end; lower case unless kMatchCase is in
/// `anchors`. begin     where in `address.href` the match must begin, when that is known; npos: wherever the anchors
/// allow. Returns   the end of the match, or npos when there is none; `begin` becomes where it begins. Cost      O(text
/// * address) at worst, with one star; most calls compare a few bytes.
[[nodiscard]] std::size_t match_filter(std::string_view text, std::uint8_t anchors, const FilteredText& address,
                                       std::size_t& begin);

}  // namespace fairlead::rules::match
