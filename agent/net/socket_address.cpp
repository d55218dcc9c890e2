#include "agent/net/socket_address.hpp"

#include <boost/asio/ip/udp.hpp>

#include <algorithm>

namespace fairlead::agent::net {

platform::SocketAddress to_platform(const Tcp::endpoint& endpoint) {
  platform::SocketAddress out;
  out.port = endpoint.port();
  if (endpoint.address().is_v6()) {
    out.v6 = true;
    const auto bytes = endpoint.address().to_v6().to_bytes();
    std::copy(bytes.begin(), bytes.end(), out.bytes);
  } else {
    const auto bytes = endpoint.address().to_v4().to_bytes();
    std::copy(bytes.begin(), bytes.end(), out.bytes);
  }
  return out;
}

Tcp::endpoint endpoint_of(const platform::SocketAddress& address) {
  if (address.v6) {
    asio::ip::address_v6::bytes_type bytes;
    std::copy_n(address.bytes, bytes.size(), bytes.begin());
    return {asio::ip::address_v6(bytes), address.port};
  }
  asio::ip::address_v4::bytes_type bytes;
  std::copy_n(address.bytes, bytes.size(), bytes.begin());
  return {asio::ip::address_v4(bytes), address.port};
}

bool is_own_address(asio::io_context& context, const asio::ip::address& address) {
  constexpr std::uint16_t kAnyPort = 443;
  asio::ip::udp::socket socket(context);
  ErrorCode error;
  socket.connect({address, kAnyPort}, error);
  // From an address of its own a machine speaks to itself.
  return !error && socket.local_endpoint(error).address() == address;
}

}  // namespace fairlead::agent::net
