#pragma once
// Base64 with padding and without line ends (RFC 4648, section 4). Pure; any thread.

#include <optional>
#include <string>
#include <string_view>

namespace fairlead::agent::tls {

[[nodiscard]] std::string base64(std::string_view bytes);
/// Nothing for what base64() cannot have written.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// What stands between the lines of PEM: DER in base64.
[[nodiscard]] std::string base64_of_pem(std::string_view pem);

}  // namespace fairlead::agent::tls
