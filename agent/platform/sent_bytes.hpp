#pragma once
// How far what was written to a connection has come.

#include <cstddef>

namespace fairlead::agent::platform {

/// What was written to a TCP connection and the peer's machine has not said that it has. 0 where that is not known.
[[nodiscard]] std::size_t unacknowledged_bytes(int socket_descriptor);

}  // namespace fairlead::agent::platform
