// Whether this account's programs may leave the laptop by themselves. Linux.

#include "agent/platform/way_out.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fairlead::agent::platform {
namespace {

constexpr int kPatience = 300;  // ms; a firewall of this laptop answers at once
constexpr int kLooks = 20;      // while the agent takes the connection
constexpr int kBetweenLooks = 10;

WayOut read_error(int error) {
  switch (error) {
    case 0:
    case EINPROGRESS:
    case ETIMEDOUT:
      return WayOut::open;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EAFNOSUPPORT:
    case EADDRNOTAVAIL:
      return WayOut::no_network;
    default:
      return WayOut::refused;
  }
}

/// An address that belongs to nobody: RFC 5737, RFC 3849.
sockaddr_storage nobody(const Exit& exit, socklen_t& size) {
  sockaddr_storage out{};
  if (exit.over == Internet::v4) {
    auto* address = reinterpret_cast<sockaddr_in*>(&out);
    address->sin_family = AF_INET;
    address->sin_port = htons(exit.port);
    ::inet_pton(AF_INET, "192.0.2.1", &address->sin_addr);
    size = sizeof *address;
  } else {
    auto* address = reinterpret_cast<sockaddr_in6*>(&out);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(exit.port);
    ::inet_pton(AF_INET6, "2001:db8:ffff::1", &address->sin6_addr);
    size = sizeof *address;
  }
  return out;
}

/// What the system says of the first packet, or by the time that patience ends. `answered`: somebody took the
/// connection.
WayOut ask(int socket, const Exit& exit, bool& answered) {
  socklen_t size = 0;
  const sockaddr_storage to = nobody(exit, size);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&to), size) != 0 && errno != EINPROGRESS) {
    return read_error(errno);
  }
  const bool datagrams = exit.transport == Transport::udp;
  if (datagrams && ::send(socket, "", 1, 0) < 0) return read_error(errno);
  pollfd wait{socket, static_cast<short>(datagrams ? POLLERR : POLLOUT), 0};
  if (::poll(&wait, 1, kPatience) == 0) return WayOut::open;
  int error = 0;
  size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  answered = error == 0 && !datagrams;
  return read_error(error);
}

/// Our end as the other one would see it, were it on this laptop. The kernel leads a connection that begins here to
/// loopback and leaves its source as it is.
SocketAddress own_end(int socket, Internet over) {
  SocketAddress out;
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size);
  if (over == Internet::v4) {
    const auto* address = reinterpret_cast<const sockaddr_in*>(&own);
    std::memcpy(out.bytes, &address->sin_addr, sizeof address->sin_addr);
    out.port = ntohs(address->sin_port);
  } else {
    const auto* address = reinterpret_cast<const sockaddr_in6*>(&own);
    std::memcpy(out.bytes, &address->sin6_addr, sizeof address->sin6_addr);
    out.v6 = true;
    out.port = ntohs(address->sin6_port);
  }
  return out;
}

std::optional<UserId> taken_by(int socket, Internet over, std::uint16_t led_to) {
  SocketAddress here;
  here.port = led_to;
  here.v6 = over == Internet::v6;
  if (here.v6) {
    here.bytes[15] = 1;
  } else {
    here.bytes[0] = 127;
    here.bytes[3] = 1;
  }
  const SocketAddress own = own_end(socket, over);
  SocketOwners owners;
  for (int look = 0; look < kLooks; ++look) {
    if (auto owner = owners.owner(here, own)) return owner;
    ::poll(nullptr, 0, kBetweenLooks);  // until it is taken, nobody owns that end
  }
  return std::nullopt;
}

}  // namespace

Tried try_way_out(const Exit& exit, std::uint16_t led_to) {
  const int kind = exit.transport == Transport::tcp ? SOCK_STREAM : SOCK_DGRAM;
  const int family = exit.over == Internet::v4 ? AF_INET : AF_INET6;
  const int socket = ::socket(family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return {};
  bool answered = false;
  Tried tried{ask(socket, exit, answered), std::nullopt};
  if (answered) tried.by = taken_by(socket, exit.over, led_to);
  if (tried.by) tried.out = WayOut::led_here;
  ::close(socket);
  return tried;
}

}  // namespace fairlead::agent::platform
