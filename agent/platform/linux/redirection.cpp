#include "agent/platform/redirection.hpp"

#include <arpa/inet.h>
#include <linux/netfilter_ipv4.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace fairlead::agent::platform {
namespace {

// linux/netfilter_ipv6/ip6_tables.h, which does not go together with netinet/in.h.
constexpr int kOriginalDestinationV6 = 80;

SocketAddress from_v4(const sockaddr_in& address) {
  SocketAddress out;
  out.port = ntohs(address.sin_port);
  std::memcpy(out.bytes, &address.sin_addr, 4);
  return out;
}

SocketAddress from_v6(const sockaddr_in6& address) {
  SocketAddress out;
  out.v6 = true;
  out.port = ntohs(address.sin6_port);
  std::memcpy(out.bytes, &address.sin6_addr, 16);
  return out;
}

template <class Address>
std::optional<Address> option_of(int descriptor, int level, int name) {
  Address out{};
  socklen_t size = sizeof out;
  if (getsockopt(descriptor, level, name, &out, &size) != 0 || size != sizeof out) return std::nullopt;
  return out;
}

template <class Address>
std::optional<Address> own_end(int descriptor) {
  Address out{};
  socklen_t size = sizeof out;
  auto* generic = reinterpret_cast<sockaddr*>(&out);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
  if (getsockname(descriptor, generic, &size) != 0 || size != sizeof out) return std::nullopt;
  return out;
}

bool is_same(const SocketAddress& one, const SocketAddress& other) {
  return one.port == other.port && std::memcmp(one.bytes, other.bytes, sizeof one.bytes) == 0;
}

}  // namespace

std::optional<SocketAddress> original_destination(int descriptor, bool v6) {
  std::optional<SocketAddress> meant;
  std::optional<SocketAddress> ours;
  if (v6) {
    const auto option = option_of<sockaddr_in6>(descriptor, IPPROTO_IPV6, kOriginalDestinationV6);
    if (option) meant = from_v6(*option);
    const auto own = own_end<sockaddr_in6>(descriptor);
    if (own) ours = from_v6(*own);
  } else {
    const auto option = option_of<sockaddr_in>(descriptor, IPPROTO_IP, SO_ORIGINAL_DST);
    if (option) meant = from_v4(*option);
    const auto own = own_end<sockaddr_in>(descriptor);
    if (own) ours = from_v4(*own);
  }
  // Whoever comes straight to our port was not on the way to anywhere.
  if (!meant || !ours || is_same(*meant, *ours)) return std::nullopt;
  return meant;
}

}  // namespace fairlead::agent::platform
