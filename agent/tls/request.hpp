#pragma once
// A device asks an organisation's authority for a certificate with which it proves itself, and the authority answers.
// Without I/O. From any thread.

#include <chrono>
#include <string>
#include <string_view>

#include "agent/tls/credential.hpp"

namespace fairlead::agent::tls {

/// An authority that vouches for the devices of an organisation and for the hub that they report to; good for ten
/// years.
///
/// organisation   1 to 64 characters.
/// Errors   Errc::internal; bad_file when the name does not fit into a certificate.
[[nodiscard]] Result<Credential> make_fleet_authority(const std::string& organisation, std::chrono::sys_seconds now);

/// SHA-256 over a certificate, lower-case hexadecimal.
///
/// certificate   PEM.
/// Errors   Errc::bad_message
[[nodiscard]] Result<std::string> fingerprint_of(std::string_view certificate);

/// Whose fleet an authority vouches for.
///
/// certificate   PEM, of make_fleet_authority().
/// Errors   Errc::bad_message
[[nodiscard]] Result<std::string> organisation_of(std::string_view certificate);

/// What a device says of itself, signed with its key. PKCS #10, RFC 2986.
///
/// key      PKCS #8 PEM of an Ed25519 key.
/// Returns  PEM.
/// Errors   Errc::bad_file, internal.
[[nodiscard]] Result<std::string> make_request(std::string_view key);

/// The 32 bytes of the Ed25519 key that signed the request.
///
/// request  PEM, up to 4 KiB.
/// Errors   Errc::bad_message: no request, another kind of key, or not signed by its key.
[[nodiscard]] Result<std::string> key_of_request(std::string_view request);

/// How long a device's certificate is good for, from a day before it is made.
inline constexpr std::chrono::days kDeviceCertificateLasts{365};

/// A certificate for TLS clients over the request's key.
///
/// device   what the certificate calls it; ASCII.
/// Returns  PEM.
/// Errors   as key_of_request(), Errc::internal.
[[nodiscard]] Result<std::string> grant(const Credential& authority, std::string_view request,
                                        const std::string& device, std::chrono::sys_seconds now);

}  // namespace fairlead::agent::tls
