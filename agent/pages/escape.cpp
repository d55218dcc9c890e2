#include "agent/pages/escape.hpp"

#include <cstdint>

namespace fairlead::agent::pages {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string_view reference_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '`':
      return "&#96;";
    default:
      return {};
  }
}

struct Lead {
  std::size_t size = 0;  // 0: no lead byte
  std::uint8_t bits = 0;
  char32_t smallest = 0;
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, static_cast<std::uint8_t>(byte & 0x1F), 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return {3, static_cast<std::uint8_t>(byte & 0x0F), 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, static_cast<std::uint8_t>(byte & 0x07), 0x10000};
  return {};
}

}  // namespace

CodePoint read_code_point(std::string_view text) {
  const Lead lead = lead_of(static_cast<std::uint8_t>(text.front()));
  if (lead.size == 0 || lead.size > text.size()) return {};
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead.smallest || surrogate || value > 0x10FFFF) return {};
  return {value, lead.size, true};
}

bool is_showable(char32_t c) {
  if (c == U'\t' || c == U'\n') return true;
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return false;
  const bool turns_direction =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return !turns_direction && (c & 0xFFFE) != 0xFFFE;
}

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const CodePoint point = read_code_point(text);
    const std::string_view bytes = text.substr(0, point.size);
    text.remove_prefix(point.size);
    if (!point.valid || !is_showable(point.value)) {
      out += kReplacement;
    } else if (const std::string_view reference = reference_of(bytes.front()); !reference.empty()) {
      out += reference;
    } else {
      out += bytes;
    }
  }
  return out;
}

std::string_view link_address(std::string_view url) {
  if (!url.starts_with("https://") && !url.starts_with("http://")) return {};
  for (const char c : url) {
    if (c <= ' ' || c > '~' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '\\') return {};
  }
  return url;
}

}  // namespace fairlead::agent::pages
