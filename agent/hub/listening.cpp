#include "agent/hub/listening.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace fairlead::agent::hub {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Result<tcp::endpoint> parse_endpoint(std::string_view text, std::string_view example) {
  const std::size_t colon = text.rfind(':');
  std::string_view address = text.substr(0, std::min(colon, text.size()));
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  error_code failed;
  const auto parsed = asio::ip::make_address(address, failed);
  std::uint16_t port = 0;
  const std::string_view digits = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed || digits.empty() || wrong != std::errc() || end != digits.data() + digits.size()) {
    return fail(Errc::bad_host, Side::local,
                "'" + std::string(text) + "': write an address and port to listen on, such as " + std::string(example));
  }
  return tcp::endpoint(parsed, port);
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
