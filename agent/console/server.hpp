#pragma once
// The server of the local pages: HTTP for browsers on this machine, and HTTPS for those on others where it is asked to
// listen for them; small and bounded. It knows no page; a handler answers. start() and stop() on the event loop's
// thread. The handler is called there too and may answer at once or later, from any thread; a blocking read belongs on
// another thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/pages/pages.hpp"
#include "agent/tls/endpoint.hpp"
#include "rules/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace fairlead::agent::console {

/// One request, whole. The server has checked that it was sent to this machine by a name of its own.
struct Request {
  std::string method;                  // GET | HEAD | POST
  std::string path;                    // as sent, begins with '/'
  std::string query;                   // without '?'
  std::string body;                    // up to what the server was told for this address
  std::string host;                    // Host field
  std::string cookie;                  // Cookie field
  std::string origin, sec_fetch_site;  // empty when not sent
  std::string peer_address;            // "127.0.0.1" or "::1"
  std::uint16_t peer_port = 0;
  std::string local_address;  // to which it was sent
  bool secure = false;        // it came over TLS, from another machine
};

using Respond = std::function<void(pages::Answer)>;
using Handler = std::function<void(Request, Respond)>;
/// How large the body of a request may be, by method and path. Called on the event loop.
using BodyLimit = std::function<std::size_t(std::string_view method, std::string_view path)>;

/// Is this a name of this machine, with or without a port? With any other the browser shows a page of some site whose
/// name was made to lead here, and that site's script could read the answer.
[[nodiscard]] bool is_local_host_field(std::string_view host);

/// How those are answered who are not on this machine: over TLS alone.
struct Far {
  std::vector<std::string> names;  // by which they may ask for it, beside the address that they connected to
  /// A TLS session that shows a certificate for this name or address; nothing when none can be made. Called on the
  /// event loop.
  std::function<std::optional<tls::Endpoint>(std::string_view host)> endpoint_for;
};

class Server {
 public:
  /// context   outlives the last call of a Respond.
  /// endpoint  "127.0.0.1:3129" or "[::1]:3129"; port 0 takes any free one. Beyond loopback only with `far`.
  /// body_limit  none: 8 KiB everywhere.
  Server(boost::asio::io_context& context, std::string endpoint, Handler handler, BodyLimit body_limit = {},
         Far far = {});
  ~Server();

  /// Listens and accepts from now on.
  /// Errors  bad_host (no address and port, or one beyond loopback without `far`), refused (the port is taken), denied.
  [[nodiscard]] Result<void> start();
  /// Stops accepting and ends every connection. An answer that comes later is dropped.
  void stop();
  /// 0 before start().
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::console
