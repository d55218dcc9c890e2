// Whether this account's programs may leave the laptop by themselves. Linux.

#include <cerrno>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::platform {
namespace {

constexpr int kPatience = 300;  // ms; a firewall of this laptop answers at once

WayOut read_error(int error) {
  switch (error) {
    case 0:
    case EINPROGRESS:
    case ETIMEDOUT:
      return WayOut::open;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
      return WayOut::no_network;
    default:
      return WayOut::refused;
  }
}

/// What the system says of the first packet, or by the time that patience ends.
WayOut ask(int socket, const sockaddr_in& nobody) {
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&nobody), sizeof nobody) != 0 && errno != EINPROGRESS) {
    return read_error(errno);
  }
  int kind = 0, error = 0;
  socklen_t size = sizeof kind;
  ::getsockopt(socket, SOL_SOCKET, SO_TYPE, &kind, &size);
  if (kind == SOCK_DGRAM && ::send(socket, "", 1, 0) < 0) return read_error(errno);
  pollfd wait{socket, static_cast<short>(kind == SOCK_DGRAM ? POLLERR : POLLOUT), 0};
  if (::poll(&wait, 1, kPatience) == 0) return WayOut::open;
  size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return read_error(error);
}

}  // namespace

WayOut way_out(Transport transport, std::uint16_t port) {
  const int kind = transport == Transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
  const int socket = ::socket(AF_INET, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return WayOut::no_network;
  sockaddr_in nobody{};
  nobody.sin_family = AF_INET;
  nobody.sin_port = htons(port);
  ::inet_pton(AF_INET, "192.0.2.1", &nobody.sin_addr);  // RFC 5737: belongs to nobody
  const WayOut out = ask(socket, nobody);
  ::close(socket);
  return out;
}

}  // namespace fairlead::agent::platform
