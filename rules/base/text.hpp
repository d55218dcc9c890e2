#pragma once
// Small, allocation-free helpers for ASCII text that every room needs. No locale, no Unicode (see rules/url for that).

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fairlead::text {

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_alnum(char c) { return is_digit(c) || is_alpha(c); }

/// Some bytes, to look for all at once. (std::string_view::find_first_of calls the library for every byte of the text.)
class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) has_[static_cast<unsigned char>(c)] = true;
  }
  /// Where the first of them stands; text.size() when none does.
  [[nodiscard]] constexpr std::size_t first_in(std::string_view text) const {
    std::size_t at = 0;
    while (at < text.size() && !has_[static_cast<unsigned char>(text[at])]) ++at;
    return at;
  }

 private:
  std::array<bool, 256> has_{};
};

/// The value of one hexadecimal digit, or -1.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string hex(std::span<const unsigned char> bytes);

/// Lower-cases A-Z in place; every other byte stays.
void lower_in_place(std::string& s);
[[nodiscard]] std::string lower(std::string_view s);

/// Compares without regard to ASCII case.
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

/// Without leading and trailing bytes that are in `set` (HTTP: " \t").
[[nodiscard]] std::string_view trim(std::string_view s, std::string_view set = " \t\r\n");

/// True when `host` is `parent` or ends in "." + `parent` (both canonical).
[[nodiscard]] bool is_host_or_below(std::string_view host, std::string_view parent);

/// The host without "www." in front: the name that a site's owner thinks of.
[[nodiscard]] constexpr std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

/// The word among `known` that is closest to `word` (edit distance at most 1 + length / 4), or "" - for "did you mean".
template <class Range>
[[nodiscard]] std::string_view nearest(std::string_view word, const Range& known);

/// Levenshtein distance; O(a * b), for short words.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

template <class Range>
std::string_view nearest(std::string_view word, const Range& known) {
  std::string_view best;
  std::size_t best_distance = 2 + word.size() / 4;
  for (std::string_view candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace fairlead::text
