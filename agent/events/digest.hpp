#pragma once
// SHA-256, the device's Ed25519 key and random bytes: all the cryptography of the event store, OpenSSL kept inside.
// Not for TLS. A Hasher belongs to one thread; a DeviceKey may be used by several once it is made.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::events {

struct Digest {
  std::array<char, 32> bytes{};
  [[nodiscard]] std::string_view view() const { return {bytes.data(), bytes.size()}; }
  bool operator==(const Digest&) const = default;
};
/// The first 32 of these bytes; zeros where there are fewer.
[[nodiscard]] Digest digest_from(std::string_view bytes);

/// Two lower-case hexadecimal digits a byte.
[[nodiscard]] std::string hex(std::string_view bytes);

/// SHA-256 over a list of fields. Every text is preceded by its length, so that no two lists give the same bytes.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& add(std::string_view field);
  Hasher& add(std::uint64_t number);
  /// The digest of what was added; the object begins anew.
  [[nodiscard]] Digest finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class DeviceKey {
 public:
  /// seed     the 32 bytes of an Ed25519 private key (RFC 8032).
  /// Errors   Errc::broken_store when it is no key.
  [[nodiscard]] static Result<DeviceKey> from_seed(std::string_view seed);
  ~DeviceKey();
  DeviceKey(DeviceKey&&) noexcept;
  DeviceKey& operator=(DeviceKey&&) noexcept;
  DeviceKey(const DeviceKey&) = delete;
  DeviceKey& operator=(const DeviceKey&) = delete;

  /// 64 bytes over the digest.
  [[nodiscard]] Result<std::string> sign(const Digest& message) const;
  [[nodiscard]] bool signed_by_us(const Digest& message, std::string_view signature) const;
  /// HMAC-SHA-256 under a key derived from the device key: for proofs that only this device ever checks.
  [[nodiscard]] Digest proof(const Digest& message) const;
  [[nodiscard]] std::string_view public_key() const;
  /// The private key for TLS and for signed messages, with which the device proves itself to others: PKCS #8 PEM.
  /// Nothing that is signed there can be taken for a digest of 32 bytes.
  [[nodiscard]] Result<std::string> private_key_pem() const;
  /// The device's name in event keys: 16 hex digits of the public key's digest.
  [[nodiscard]] std::string_view id() const;

 private:
  struct Impl;
  explicit DeviceKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Whether the holder of this Ed25519 key signed the digest. False for what is no key or no signature.
[[nodiscard]] bool signed_by(std::string_view public_key, const Digest& message, std::string_view signature);
/// What DeviceKey::id says for a public key.
[[nodiscard]] std::string device_id(std::string_view public_key);

/// Fills `out` from the operating system's random source; stops the process where there is none.
void fill_random(std::span<char> out);

}  // namespace fairlead::agent::events
