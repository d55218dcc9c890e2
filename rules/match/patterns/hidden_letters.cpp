#include "rules/match/patterns/hidden_letters.hpp"

namespace fairlead::rules::match {

std::string_view show_letters(std::string_view text, std::string& buffer) {
  constexpr std::string_view kKelvin = "\xE2\x84\xAA", kLongS = "\xC5\xBF";
  if (text.find(kKelvin) == std::string_view::npos && text.find(kLongS) == std::string_view::npos) return text;
  buffer.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const bool kelvin = rest.starts_with(kKelvin), long_s = rest.starts_with(kLongS);
    buffer += kelvin ? 'k' : long_s ? 's' : rest.front();
    at += kelvin ? kKelvin.size() : long_s ? kLongS.size() : 1;
  }
  return buffer;
}

}  // namespace fairlead::rules::match
