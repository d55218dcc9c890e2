#pragma once
// How a server of the hub begins to listen. For files that know Asio anyway; the event loop's thread.

#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "rules/base/result.hpp"

namespace fairlead::agent::hub {

/// endpoint   "0.0.0.0:8443", "[::]:8443"; port 0 takes any free one.
/// example    such a text, for whoever wrote another.
/// Errors     bad_host
[[nodiscard]] Result<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view endpoint,
                                                                    std::string_view example);

/// Errors   refused (the port is taken), denied.
[[nodiscard]] Result<void> listen_on(boost::asio::ip::tcp::acceptor& acceptor,
                                     const boost::asio::ip::tcp::endpoint& endpoint);

/// 0 where it does not listen.
[[nodiscard]] std::uint16_t port_of(const boost::asio::ip::tcp::acceptor& acceptor);

}  // namespace fairlead::agent::hub
