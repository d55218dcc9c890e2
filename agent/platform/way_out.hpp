#pragma once
// Whether a program may leave this laptop by itself, past the proxy, and who answers it when it tries. Blocks: for
// commands, never on the event loop.

#include <cstdint>
#include <optional>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {

enum class Transport : std::uint8_t { tcp, udp };
enum class Internet : std::uint8_t { v4, v6 };

struct Exit {
  Transport transport = Transport::tcp;
  std::uint16_t port = 0;
  Internet over = Internet::v4;
};

enum class WayOut : std::uint8_t {
  open,
  refused,     // by this laptop, at once
  no_network,  // nothing could be tried
  led_here,    // a program of this laptop took the connection in the world's place
};

struct Tried {
  WayOut out = WayOut::no_network;
  std::optional<UserId> by;  // who took it, where it was led here
};

/// May a program of this account send to this port of the world? Asked of an address that belongs to nobody: what is
/// refused at once, this laptop's firewall refuses; what is answered at once by a socket of this laptop, it leads
/// there.
///
/// led_to   the port of this laptop where a firewall may lead connections over TCP.
/// Cost     a third of a second at most.
[[nodiscard]] Tried try_way_out(const Exit& exit, std::uint16_t led_to);

}  // namespace fairlead::agent::platform
