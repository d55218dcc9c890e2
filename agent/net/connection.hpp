#pragma once
// Drives one client connection: does what the session asks for and tells it what came of it. Event-loop thread only.

#include "agent/net/services.hpp"

namespace fairlead::agent::net {

/// Serves a client until its connection ends. Never throws; owns the socket.
[[nodiscard]] Task<void> serve_client(Services& services, Socket socket, Tcp::endpoint client, Tcp::endpoint agent);

}  // namespace fairlead::agent::net
