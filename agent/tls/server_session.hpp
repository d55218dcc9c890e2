#pragma once
// The server's half of TLS, for the connections that the agent answers itself: the client's bytes in, plain text out,
// and the other way round. Without I/O. One thread.

#include <memory>
#include <string>
#include <string_view>

#include "agent/tls/credential.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::tls {

/// What all sessions share: TLS 1.2 and 1.3, HTTP/1.1 alone (ALPN), no resumption.
class ServerContext {
 public:
  ServerContext();
  ServerContext(ServerContext&&) noexcept;
  ServerContext& operator=(ServerContext&&) noexcept;
  ~ServerContext();

 private:
  friend class ServerSession;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class ServerSession {
 public:
  /// context   must outlive this.
  /// leaf      what the server shows of itself.
  ServerSession(const ServerContext& context, const Credential& leaf);
  ServerSession(ServerSession&&) noexcept;
  ServerSession& operator=(ServerSession&&) = delete;
  ~ServerSession();

  /// Takes bytes of the client. Appends what it says to `plain`, and what must be sent to `wire`, also on error: an
  /// alert may be among it.
  /// Errors   Errc::closed when the client ended the session, bad_message when it does not take the certificate or
  ///          breaks the protocol. Side::client.
  [[nodiscard]] Result<void> take(std::string_view bytes, std::string& plain, std::string& wire);
  /// The handshake is over and the client took the certificate, as far as it said.
  [[nodiscard]] bool is_established() const;
  /// Appends `plain` to `wire`, as it is sent; and the end of the session after it. For an established session.
  void finish(std::string_view plain, std::string& wire);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::tls
