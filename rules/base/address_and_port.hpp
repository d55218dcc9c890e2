#pragma once
// "127.0.0.1:3128" and "[::1]:3128", as people write where a program listens, taken apart.

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlead::text {

struct AddressAndPort {
  std::string_view address;  // of the text, without brackets; whether it is one is another's to say
  std::uint16_t port = 0;
};
/// Nothing where there is no colon, or no port of decimal digits behind the last one.
[[nodiscard]] std::optional<AddressAndPort> address_and_port(std::string_view text);

}  // namespace fairlead::text
