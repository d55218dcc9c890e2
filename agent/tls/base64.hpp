#pragma once
// Base64 with padding and without line ends (RFC 4648, section 4). Pure; any thread.

#include <string>
#include <string_view>

namespace fairlead::agent::tls {

[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace fairlead::agent::tls
