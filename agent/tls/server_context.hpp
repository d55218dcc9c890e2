#pragma once
// The server's half of TLS, for the connections that the agent answers itself. Without I/O. One thread.

#include <memory>

#include "agent/tls/credential.hpp"
#include "agent/tls/endpoint.hpp"

namespace fairlead::agent::tls {

/// What all sessions share: TLS 1.2 and 1.3, HTTP/1.1 alone (ALPN), no resumption.
class ServerContext {
 public:
  ServerContext();
  ServerContext(ServerContext&&) noexcept;
  ServerContext& operator=(ServerContext&&) noexcept;
  ~ServerContext();

  /// leaf   what the server shows of itself.
  [[nodiscard]] Endpoint endpoint_for(const Credential& leaf) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::tls
