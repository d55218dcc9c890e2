#pragma once
// Addresses as people type them, made into what CanonicalUrl reads. Pure.

#include <string>
#include <string_view>

namespace fairlead::rules::url {

/// "bet365.com" → "https://bet365.com"; what names a scheme stays as it is, also as "https:/host" and "https:host",
/// which a browser reads as "https://host". "host:8080/?u=http://other/" names none.
[[nodiscard]] std::string with_scheme(std::string_view typed);

}  // namespace fairlead::rules::url
