#pragma once
// Accepts clients on loopback addresses and serves each one. Event-loop thread only.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/net/services.hpp"

namespace fairlead::agent::net {

/// Reads "HOST:PORT", an address and a port; IPv6 in brackets. Errors: bad_host (local).
[[nodiscard]] Result<Tcp::endpoint> parse_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const Tcp::endpoint& endpoint);

/// How clients come to a port of ours.
enum class Entrance : std::uint8_t {
  proxy,       // they ask for a proxy
  redirected,  // the firewall brings them, whoever they wanted to speak to
};

class Listener {
 public:
  explicit Listener(Services& services) : services_(services) {}

  /// Binds and listens. Errors: refused (another program holds the port, or it is no loopback address), denied.
  [[nodiscard]] Result<void> listen(const Tcp::endpoint& endpoint, Entrance entrance);
  /// Begins to accept on everything that listens.
  void start();
  void stop();

 private:
  Task<void> accept_all(std::size_t index);

  Services& services_;
  struct Door {
    Acceptor acceptor;
    Entrance entrance;
  };
  std::vector<Door> doors_;
};

}  // namespace fairlead::agent::net
