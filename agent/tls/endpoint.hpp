#pragma once
// One end of a TLS connection, over memory: the peer's bytes in, plain text out, and the other way round. Made by
// ServerContext or ClientContext. Without I/O. One thread.

#include <memory>
#include <string>
#include <string_view>

#include "rules/base/result.hpp"

namespace fairlead::agent::tls {

class Endpoint {
 public:
  struct Impl;  // OpenSSL's own; openssl_parts.hpp

  explicit Endpoint(std::unique_ptr<Impl> impl);
  Endpoint(Endpoint&&) noexcept;
  Endpoint& operator=(Endpoint&&) noexcept;
  ~Endpoint();

  /// Takes bytes of the peer; none at first, so that a client begins. Appends what the peer says to `plain`, and what
  /// must be sent to it to `wire`, also on error: an alert may be among it.
  /// Errors   Errc::closed when the peer ended the session, untrusted when its certificate is not good for the host it
  ///          stands for, or when it says that ours is not; bad_message when it breaks the protocol. The side is the
  ///          peer's.
  [[nodiscard]] Result<void> take(std::string_view bytes, std::string& plain, std::string& wire);
  /// The handshake is over and the peer took our certificate, as far as it said.
  [[nodiscard]] bool is_established() const;
  /// Appends `plain` to `wire`, as it is sent. For an established session.
  /// Errors   Errc::closed when nothing can be said any more.
  [[nodiscard]] Result<void> say(std::string_view plain, std::string& wire);
  /// Appends the end of what we say (RFC 8446 section 6.1), so that the peer knows that it heard all of it.
  void end(std::string& wire);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::tls
