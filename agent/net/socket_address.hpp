#pragma once
// Addresses as Asio and as the platform have them.

#include "agent/net/asio.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::net {

[[nodiscard]] platform::SocketAddress to_platform(const Tcp::endpoint& endpoint);
[[nodiscard]] Tcp::endpoint endpoint_of(const platform::SocketAddress& address);

/// Is it an address of this machine? Asks for the way there; nothing is sent.
[[nodiscard]] bool is_own_address(asio::io_context& context, const asio::ip::address& address);

}  // namespace fairlead::agent::net
