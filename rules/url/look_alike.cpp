#include "rules/url/look_alike.hpp"

#include <algorithm>

#include "rules/base/text.hpp"
#include "rules/url/unicode.hpp"

namespace fairlead::rules::url {
namespace {

bool has_alabel(std::string_view host) {
  return host.starts_with("xn--") || host.find(".xn--") != std::string_view::npos;
}

/// The ASCII letters that one character looks like; empty when there are none.
std::string ascii_prototype(std::string_view character) {
  std::string prototype;
  append_skeleton(character, prototype);
  const bool ascii =
      std::all_of(prototype.begin(), prototype.end(), [](char c) { return text::is_alnum(c) || c == '-'; });
  if (!ascii) return {};
  // The skeleton of "m" is "rn"; a single character that looks like it is meant to be read as the one letter.
  if (prototype == "rn") return "m";
  return text::lower(prototype);
}

}  // namespace

std::vector<std::string> look_alikes(std::string_view host) {
  // Cyrillic palochka: an "i" to UTS 39, an "l" to the eye in most fonts.
  constexpr std::string_view kPalochka = "\xD3\x8F";
  std::string shown, first, second;
  if (!has_alabel(host) || !append_domain_to_unicode(host, shown)) return {};
  for (std::size_t i = 0; i < shown.size();) {
    std::size_t size = 1;
    while (i + size < shown.size() && (static_cast<unsigned char>(shown[i + size]) & 0xC0U) == 0x80U) ++size;
    const std::string_view character = std::string_view(shown).substr(i, size);
    i += size;
    const bool ascii = static_cast<unsigned char>(character.front()) < 0x80;
    const std::string letters = ascii ? std::string(character) : ascii_prototype(character);
    if (letters.empty()) return {};
    first += letters;
    second += character == kPalochka ? "l" : letters;
  }
  std::vector<std::string> names{first};
  if (second != first) names.push_back(second);
  return names;
}

}  // namespace fairlead::rules::url
