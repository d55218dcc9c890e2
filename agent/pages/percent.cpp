#include "agent/pages/percent.hpp"

#include "rules/base/text.hpp"

namespace fairlead::agent::pages {

std::optional<std::string> percent_decoded(std::string_view encoded, bool plus_is_space) {
  std::string out;
  out.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const char c = encoded[i];
    if (c != '%') {
      out += c == '+' && plus_is_space ? ' ' : c;
      continue;
    }
    const int high = i + 2 < encoded.size() ? text::hex_value(encoded[i + 1]) : -1;
    const int low = i + 2 < encoded.size() ? text::hex_value(encoded[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace fairlead::agent::pages
