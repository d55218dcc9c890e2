#pragma once
// Keys that sign rules for a fleet: what they sign, and their public halves, are in minisign's formats, so that
// minisign alone can check and sign them too. The private half is PKCS #8 PEM as every other key here: minisign's own
// file needs BLAKE2b-256, which OpenSSL 3.0 does not have. Pure; any thread.

#include <memory>
#include <string>
#include <string_view>

#include "agent/lists/minisign.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::bundles {

namespace minisign = lists::minisign;

class SigningKey {
 public:
  /// Errors   internal
  [[nodiscard]] static Result<SigningKey> make();
  /// pem      PKCS #8 of an Ed25519 key.
  /// Errors   bad_file
  [[nodiscard]] static Result<SigningKey> from_pem(std::string_view pem);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  [[nodiscard]] Result<std::string> pem() const;
  /// The base64 line by which others know it.
  [[nodiscard]] const std::string& public_line() const;
  /// The whole .pub file.
  [[nodiscard]] std::string public_file() const;
  /// A .minisig file over the text ("ED", as minisign makes them since 0.10).
  /// comment   printable; it is signed with the text.
  /// Errors    internal
  [[nodiscard]] Result<std::string> sign(std::string_view text, const std::string& comment) const;

 private:
  struct Impl;
  explicit SigningKey(std::unique_ptr<Impl> impl);
  [[nodiscard]] static Result<SigningKey> of(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// text     a whole .pub file, or its base64 line alone.
/// Errors   bad_file
[[nodiscard]] Result<minisign::PublicKey> read_public_key(std::string_view text);

}  // namespace fairlead::agent::bundles
