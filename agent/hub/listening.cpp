#include "agent/hub/listening.hpp"

#include <sstream>

#include "rules/base/address_and_port.hpp"

namespace fairlead::agent::hub {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Result<tcp::endpoint> parse_endpoint(std::string_view endpoint, std::string_view example) {
  const auto parts = text::address_and_port(endpoint);
  error_code failed;
  const auto address = asio::ip::make_address(parts ? parts->address : std::string_view(), failed);
  if (failed) {
    return fail(
        Errc::bad_host, Side::local,
        "'" + std::string(endpoint) + "': write an address and port to listen on, such as " + std::string(example));
  }
  return tcp::endpoint(address, parts->port);
}

Result<void> listen_on(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code failed;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) return {};
  std::ostringstream where;
  where << endpoint;
  const bool denied = failed == boost::system::errc::permission_denied;
  return fail(denied ? Errc::denied : Errc::refused, Side::local,
              "cannot listen on " + where.str() + ": " + failed.message());
}

std::uint16_t port_of(const tcp::acceptor& acceptor) {
  error_code failed;
  const auto endpoint = acceptor.local_endpoint(failed);
  return failed ? std::uint16_t{0} : endpoint.port();
}

}  // namespace fairlead::agent::hub
