#include "agent/net/listener.hpp"

#include <optional>

#include <boost/asio/ip/v6_only.hpp>

#include "agent/net/connection.hpp"
#include "agent/net/socket_address.hpp"
#include "agent/platform/redirection.hpp"
#include "rules/base/address_and_port.hpp"

namespace fairlead::agent::net {
namespace {

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kPauseWithoutDescriptors{100};

std::optional<Arrival> arrival_at_proxy(const Tcp::endpoint& client, const Tcp::endpoint& agent) {
  if (!client.address().is_loopback()) return std::nullopt;
  return Arrival{client, agent, false};
}

/// Such a client has an address of this machine's in the network; nobody but it gets to our loopback address.
std::optional<Arrival> redirected_arrival(Socket& socket, const Tcp::endpoint& client) {
  const auto meant = platform::original_destination(static_cast<int>(socket.native_handle()), client.address().is_v6());
  if (!meant) return std::nullopt;
  return Arrival{client, endpoint_of(*meant), true};
}

}  // namespace

Result<Tcp::endpoint> parse_endpoint(std::string_view text) {
  const auto parts = text::address_and_port(text);
  ErrorCode error;
  const auto address = asio::ip::make_address(parts ? parts->address : std::string_view(), error);
  if (error) {
    return fail(Errc::bad_host, Side::local,
                "'" + std::string(text) + "' is no address and port; write 127.0.0.1:3128 or [::1]:3128");
  }
  return Tcp::endpoint(address, parts->port);
}

std::string to_text(const Tcp::endpoint& endpoint) {
  std::string out = endpoint.address().to_string();
  if (endpoint.address().is_v6()) out.insert(0, 1, '[').push_back(']');
  out.push_back(':');
  return out.append(std::to_string(endpoint.port()));
}

Result<void> Listener::listen(const Tcp::endpoint& endpoint, Entrance entrance) {
  if (!endpoint.address().is_loopback()) {
    return fail(Errc::refused, Side::local,
                to_text(endpoint) + " is not a loopback address; others must not reach the proxy");
  }
  Acceptor acceptor(services_.context.get_executor());
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) {
    return fail(error == asio::error::access_denied ? Errc::denied : Errc::refused, Side::local,
                "cannot listen on " + to_text(endpoint) + ": " + error.message());
  }
  doors_.push_back({std::move(acceptor), entrance});
  return {};
}

void Listener::start() {
  for (std::size_t i = 0; i < doors_.size(); ++i) {
    asio::co_spawn(
        services_.context.get_executor(), [this, i] { return accept_all(i); }, asio::detached);
  }
}

void Listener::stop() {
  ErrorCode ignored;
  for (Door& door : doors_) door.acceptor.close(ignored);
}

Task<void> Listener::accept_all(std::size_t index) {
  Acceptor& acceptor = doors_[index].acceptor;
  const Entrance entrance = doors_[index].entrance;
  ErrorCode unbound;
  const Tcp::endpoint agent = acceptor.local_endpoint(unbound);  // one address, not "any": that of its connections
  Timer pause(services_.context);
  while (acceptor.is_open()) {
    Tcp::endpoint client;
    Socket socket(services_.context.get_executor());
    const auto [error] = co_await acceptor.async_accept(socket, client, kAwait);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, most likely: the waiting client stays in the backlog until another one has gone.
      pause.expires_after(kPauseWithoutDescriptors);
      co_await pause.async_wait(kAwait);
      continue;
    }
    ++services_.counters.connections;
    const auto arrival =
        entrance == Entrance::proxy ? arrival_at_proxy(client, agent) : redirected_arrival(socket, client);
    if (!arrival) {
      ++services_.counters.refused_peers;
      continue;
    }
    asio::co_spawn(
        services_.context.get_executor(),
        [&services = services_, socket = std::move(socket), arrival = *arrival]() mutable {
          return serve_client(services, std::move(socket), arrival);
        },
        asio::detached);
  }
}

}  // namespace fairlead::agent::net
