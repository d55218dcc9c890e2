#pragma once
// Opens a connection to the first address that answers: IPv6 and IPv4 in turn, the next one a moment after the last
// (RFC 8305, "happy eyeballs"). Event-loop thread only.

#include <memory>

#include "agent/net/resolver.hpp"
#include "agent/net/stream.hpp"

namespace fairlead::agent::net {

/// addresses   in the system's order of preference; at most the first eight are tried.
/// Errors  unreachable (nobody accepted), timed_out (10 s). Side::upstream.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> dial(asio::io_context& context, Watchdog& watchdog,
                                                         Addresses addresses, std::uint16_t port);

}  // namespace fairlead::agent::net
