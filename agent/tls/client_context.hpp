#pragma once
// The client's half of TLS, for connections to origins whose requests the agent reads: at least as strict as a browser,
// since the person cannot see the origin's certificate any more. Without I/O once it is made. One thread.

#include <memory>
#include <string_view>

#include "agent/tls/credential.hpp"
#include "agent/tls/endpoint.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::tls {

/// What all sessions share: TLS 1.2 with forward secrecy and AEAD alone, and 1.3; HTTP/1.1 (ALPN); keys and digests of
/// 112 bits and more.
class ClientContext {
 public:
  /// Trusts the roots of the operating system, as OpenSSL finds them (SSL_CERT_FILE and SSL_CERT_DIR move them).
  ///
  /// never   an authority that is not trusted although it may stand among them: this laptop's own.
  /// Cost    reads all roots of the system: never on the event loop. One that is added later counts for the next
  /// context.
  explicit ClientContext(const Credential& never);
  ClientContext(ClientContext&&) noexcept;
  ClientContext& operator=(ClientContext&&) noexcept;
  ~ClientContext();

  /// host   canonical; the certificate must be for it (RFC 6125: subject alternative names alone, a wildcard for one
  ///        whole label).
  [[nodiscard]] Endpoint endpoint_to(std::string_view host, rules::url::HostKind kind) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::tls
