#pragma once
// The hub's HTTPS server: TLS 1.2 or later, a certificate of the client where it has one, HTTP/1.1, everything bounded.
// It knows no endpoint; a handler answers. start() and stop() on the event loop's thread; the handler is called there
// and answers later, from any thread.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agent/hub/endpoints.hpp"
#include "rules/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace fairlead::agent::hub {

using Respond = std::function<void(Answer)>;
using Handler = std::function<void(Request, Respond)>;

struct ServerOptions {
  std::string endpoint;  // "0.0.0.0:8443", "[::]:8443"; port 0 takes any free one
  std::string host;      // by which laptops know it
  std::size_t most_connections = 4096;
  std::uint32_t requests_a_minute = 240;  // of one device, or of one address without a certificate
  /// Told of every answer before it is sent, and how long it took to find; on the event loop. May be none.
  std::function<void(std::string_view path, const Answer&, std::chrono::steady_clock::duration)> answered{};
  bool accept_signatures = false;  // of devices in the place of their certificates, where a network breaks TLS open
};

class Server {
 public:
  /// authority   signs the server's own certificate, and vouches for devices; outlives this object.
  /// context     outlives the last call of a Respond.
  Server(boost::asio::io_context& context, ServerOptions options, const tls::Credential& authority, Handler handler);
  ~Server();

  /// Errors   bad_host, refused (the port is taken), denied, internal (no certificate could be made).
  [[nodiscard]] Result<void> start();
  void stop();
  /// 0 before start().
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::hub
