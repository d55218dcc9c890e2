#pragma once
// Takes one line of an Adblock list apart: what kind it is, where its pattern ends and which options it has. Says
// nothing about what the options mean. Inside this room only; pure.

#include <string>
#include <string_view>
#include <vector>

namespace fairlead::rules::catalog {

enum class AdblockKind : std::uint8_t {
  comment,   // nothing, "! text", "[Adblock Plus 2.0]", "# text"
  cosmetic,  // "example.org##.banner", "#@#", "#?#", "#$#", "#%#", "$$script": about page elements
  network,   // about requests
};
[[nodiscard]] AdblockKind kind_of(std::string_view line);

/// Views into the line.
struct AdblockParts {
  bool exception = false;  // "@@"
  bool is_regex = false;   // the pattern stood between slashes, which are gone
  std::string_view pattern;
  std::vector<std::string_view> options;
};

/// line    of kind `network`, without white space around.
/// parts   receives the result; its memory is reused.
void split_filter(std::string_view line, AdblockParts& parts);

/// The line without its option "badfilter", as the filter that it cancels is written; "" when it has no such option.
[[nodiscard]] std::string cancelled_by(std::string_view line);

}  // namespace fairlead::rules::catalog
