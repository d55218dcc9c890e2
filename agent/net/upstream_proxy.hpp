#pragma once
// The way out of a network that lets nothing leave but by its own proxy: what policy.yaml says of it, connections to
// it, and what was last wrong with it. Event-loop thread only, except access().

#include <memory>
#include <mutex>
#include <string>

#include "agent/lists/proxy_access.hpp"
#include "agent/net/buffer.hpp"
#include "agent/net/resolver.hpp"
#include "agent/net/stream.hpp"

namespace fairlead::agent::net {

class UpstreamProxy {
 public:
  UpstreamProxy(asio::io_context& context, Watchdog& watchdog, Resolver& resolver)
      : context_(context), watchdog_(watchdog), resolver_(resolver) {}

  /// From the same moment on as the rules that it was read for.
  void use(lists::ProxyAccess access);
  /// Any thread.
  [[nodiscard]] lists::ProxyAccess access() const;
  [[nodiscard]] const std::string& authorization() const { return authorization_; }

  /// Connects to the proxy, whatever network it is in.
  ///
  /// proxy    as the rules have it that the request was judged by: others may be in force by now.
  /// tunnel   host:port to which it is to open a tunnel; empty: none.
  /// inbox    receives what the other end of the tunnel has said already.
  /// Errors   whatever is wrong is remembered for IT; the context names no host.
  [[nodiscard]] Task<Result<std::unique_ptr<Stream>>> reach(rules::catalog::UpstreamProxy proxy, std::string tunnel,
                                                            Buffer& inbox);

  /// What it did last was good, or was not.
  void worked() { trouble_.clear(); }
  void failed(const Error& error) { trouble_ = error.context; }
  /// For IT; empty when all is well.
  [[nodiscard]] std::string trouble() const;

 private:
  [[nodiscard]] Task<Result<std::unique_ptr<Stream>>> dial_it();
  [[nodiscard]] Task<Result<void>> open_tunnel(Stream& stream, std::string tunnel, Buffer& inbox);

  asio::io_context& context_;
  Watchdog& watchdog_;
  Resolver& resolver_;
  mutable std::mutex mutex_;  // of access_, which this thread alone changes
  lists::ProxyAccess access_;
  std::string authorization_;
  std::string trouble_;
};

}  // namespace fairlead::agent::net
