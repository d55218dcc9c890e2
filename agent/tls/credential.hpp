#pragma once
// A certificate and the private key that belongs to it. Immutable once made; may be read from any thread.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::tls {

class Credential {
 public:
  struct Parts;  // OpenSSL's own; openssl_parts.hpp

  explicit Credential(std::unique_ptr<const Parts> parts);
  Credential(Credential&&) noexcept;
  Credential& operator=(Credential&&) noexcept;
  ~Credential();

  /// certificate, key   PEM (RFC 7468), one object each.
  /// Errors   Errc::bad_file when one cannot be read, or the key is not that of the certificate.
  [[nodiscard]] static Result<Credential> from_pem(std::string_view certificate, std::string_view key);
  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem() const;

  /// The name of who holds it, as text: "CN = ..., O = ...".
  [[nodiscard]] std::string subject() const;
  /// SHA-256 over the certificate, lower-case hexadecimal.
  [[nodiscard]] std::string fingerprint() const;
  [[nodiscard]] std::chrono::sys_seconds not_before() const;
  [[nodiscard]] std::chrono::sys_seconds not_after() const;
  [[nodiscard]] bool is_authority() const;

  [[nodiscard]] const Parts& parts() const { return *parts_; }

 private:
  std::unique_ptr<const Parts> parts_;
};

}  // namespace fairlead::agent::tls
