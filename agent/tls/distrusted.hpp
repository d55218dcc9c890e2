#pragma once
// An authority that is not trusted, although it may stand among the roots of the operating system: this laptop's own,
// which is there for the sake of browsers. Without I/O. Immutable once made; usable from any thread.

#include <memory>
#include <string_view>

#include "agent/tls/credential.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::tls {

class Distrusted {
 public:
  explicit Distrusted(const Credential& authority);
  /// certificate   PEM. Errors   Errc::bad_file.
  [[nodiscard]] static Result<Distrusted> from_pem(std::string_view certificate);
  Distrusted(Distrusted&&) noexcept;
  Distrusted& operator=(Distrusted&&) noexcept;
  ~Distrusted();

  /// From here on a chain that holds the authority is refused, whatever else is right about it.
  /// ssl_context   OpenSSL's SSL_CTX*, as libraries hand it out; this object must outlive it.
  void apply_to(void* ssl_context) const;

 private:
  struct Impl;
  explicit Distrusted(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

}  // namespace fairlead::agent::tls
