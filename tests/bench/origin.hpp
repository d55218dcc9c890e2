#pragma once
// The web server of the bench: answers every request with 1 KiB, and plays the far end of tunnels. One thread, no TLS:
// a tunnel's first bytes are a ClientHello, which the far end ignores. Only for load.cpp.

#include <cstdint>

namespace fairlead::bench {

struct OriginPorts {
  std::uint16_t http = 0;    // keep-alive, 1,024 bytes an answer
  std::uint16_t hold = 0;    // one byte back for whatever comes, then it waits
  std::uint16_t source = 0;  // after the first bytes it sends without end
};

/// Serves on loopback, IPv4 and IPv6, until the process is ended. Prints "ready" when it listens.
[[noreturn]] void run_origin(const OriginPorts& ports);

}  // namespace fairlead::bench
