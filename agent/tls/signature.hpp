#pragma once
// Signatures of devices and of their fleet's authority over messages, where TLS itself proves nothing. Without I/O.
// From any thread.

#include <chrono>
#include <string>
#include <string_view>

#include "agent/tls/credential.hpp"

namespace fairlead::agent::tls {

/// The 32 bytes of it.
[[nodiscard]] std::string sha256(std::string_view bytes);

/// Ed25519 (RFC 8032).
///
/// key      PKCS #8 PEM.
/// Returns  64 bytes.
/// Errors   bad_file: no such key; internal.
[[nodiscard]] Result<std::string> sign_as_device(std::string_view key, std::string_view message);
/// The 32 bytes by which others know that key.
[[nodiscard]] Result<std::string> public_key_of(std::string_view key);
/// public_key   32 bytes. False for what is no key or no signature.
[[nodiscard]] bool signed_by_device(std::string_view public_key, std::string_view message, std::string_view signature);

/// ECDSA over P-256 with SHA-256.
///
/// Returns  64 bytes: r, s. RFC 9421, section 3.3.4
/// Errors   internal
[[nodiscard]] Result<std::string> sign_as_authority(const Credential& authority, std::string_view message);
/// certificate   PEM. False for what is no certificate or no signature.
[[nodiscard]] bool signed_by_authority(std::string_view certificate, std::string_view message,
                                       std::string_view signature);

/// What the authority says of a device.
struct Vouched {
  std::string device, key;  // its name, its public key; empty where there is a fault
  std::string fault;        // in OpenSSL's words
};
/// der   a certificate of grant(), or anything.
[[nodiscard]] Vouched read_vouched(const Credential& authority, std::string_view der, std::chrono::sys_seconds now);

}  // namespace fairlead::agent::tls
