#pragma once
// The proof that a webhook's request comes from here and is not an old one. OpenSSL kept inside. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlead::agent::alerts {

/// The value of Fairlead-Signature: "v1=" and 64 hex digits of HMAC-SHA-256 over "TIMESTAMP.BODY".
/// timestamp   the value of Fairlead-Timestamp: seconds since 1970.
[[nodiscard]] std::string signature_of(std::string_view secret, std::uint64_t timestamp, std::string_view body);

}  // namespace fairlead::agent::alerts
