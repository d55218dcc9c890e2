#include "rules/base/address_and_port.hpp"

#include <charconv>

namespace fairlead::text {

std::optional<AddressAndPort> address_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  AddressAndPort out{text.substr(0, colon)};
  if (out.address.starts_with('[') && out.address.ends_with(']'))
    out.address = out.address.substr(1, out.address.size() - 2);
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (wrong != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

}  // namespace fairlead::text
