#pragma once
// The steps that every certificate is made in. For the .cpp files of this folder only.

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "agent/tls/openssl_parts.hpp"

namespace fairlead::agent::tls {

/// What all kinds have: version, serial, times and the key.
[[nodiscard]] Result<std::unique_ptr<Credential::Parts>> begin_certificate(Key key, std::chrono::sys_seconds from,
                                                                           std::chrono::sys_seconds until);

[[nodiscard]] bool add_name(X509_NAME* name, const char* field, const std::string& value);

struct Extended {
  int kind;
  const char* value;
};
[[nodiscard]] bool add_extensions(X509* certificate, X509* issuer, std::span<const Extended> extensions);

}  // namespace fairlead::agent::tls
