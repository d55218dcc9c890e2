#pragma once
// What the firewall does to a connection before it reaches us.

#include <optional>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

/// Where the client of a connection that the firewall redirected to us meant to go.
///
/// descriptor   an accepted TCP socket.
/// v6           of which kind it is.
/// Returns      nothing where the connection was not redirected, or the system cannot tell.
[[nodiscard]] std::optional<SocketAddress> original_destination(int descriptor, bool v6);

}  // namespace fairlead::agent::platform
