#include "rules/url/words.hpp"

#include <array>
#include <cstddef>

#include "rules/url/bytes.hpp"
#include "rules/url/unicode.hpp"

namespace fairlead::rules::url {
namespace {

/// Length of the white space at `at`, or 0. NFKC has made a plain space of most others (no-break, em, ideographic ...).
std::size_t space_size(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 4> kWide = {"\xC2\x85", "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  const char c = text[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  for (const std::string_view wide : kWide) {
    if (text.substr(at).starts_with(wide)) return wide.size();
  }
  return 0;
}

/// One space for every run, none at the ends; in place.
void collapse_spaces(std::string& text) {
  std::size_t kept = 0;
  bool space_before = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = space_size(text, i);
    if (size > 0) {
      space_before = kept > 0;
      i += size;
      continue;
    }
    if (space_before) text[kept++] = ' ';
    space_before = false;
    text[kept++] = text[i++];
  }
  text.resize(kept);
}

}  // namespace

void fold_words(std::string_view raw_value, std::string& out) {
  out.clear();
  const bool ascii = append_folded(raw_value, true, out);
  if (!ascii) {
    mend_utf8(out);
    fold_case(out);
  }
  collapse_spaces(out);
}

}  // namespace fairlead::rules::url
