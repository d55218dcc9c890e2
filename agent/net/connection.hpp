#pragma once
// Drives one client connection: does what the session asks for and tells it what came of it. Event-loop thread only.

#include "agent/net/services.hpp"

namespace fairlead::agent::net {

/// A client's connection as the client sees it.
struct Arrival {
  Tcp::endpoint client;
  Tcp::endpoint towards;    // the proxy, or whoever it meant to speak to
  bool redirected = false;  // the latter: the firewall brought it here
};

/// Serves a client until its connection ends. Never throws; owns the socket.
[[nodiscard]] Task<void> serve_client(Services& services, Socket socket, Arrival arrival);

}  // namespace fairlead::agent::net
