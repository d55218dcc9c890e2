#include "agent/net/tunnel.hpp"

#include <array>
#include <string_view>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::net {
namespace {

constexpr std::size_t kCopied = std::size_t{16} * 1024;
constexpr std::size_t kBytesBeforeOthers = std::size_t{4} * 1024 * 1024;

struct Tunnel {
  explicit Tunnel(asio::io_context& context) : other_done(context, Timer::time_point::max()) {}
  std::unique_ptr<Stream> client, upstream;
  Watchdog::Clock::time_point last_moved = Watchdog::Clock::now();
  Timer other_done;  // cancelled when the second direction has ended
  bool second_running = true;

  void close() {
    client->close();
    upstream->close();
  }
};

/// Waits for one end, as long as the other direction is alive. False when the tunnel is to end.
Task<bool> wait_for(Tunnel& tunnel, Stream& stream, bool readable) {
  for (;;) {
    Result<void> ready;
    if (readable) {
      ready = co_await stream.wait_readable(Limits::tunnel);
    } else {
      ready = co_await stream.wait_writable(Limits::tunnel);
    }
    if (ready) co_return true;
    if (ready.error().code != Errc::timed_out) co_return false;
    if (Watchdog::Clock::now() - tunnel.last_moved >= Limits::tunnel) co_return false;
  }
}

Task<void> run_direction(Tunnel& tunnel, Stream& from, Stream& to) {
  using Moved = platform::KernelRelay::Moved;
  platform::KernelRelay relay;
  bool go_on = co_await wait_for(tunnel, from, true);  // nothing is there at first, most likely
  while (go_on && from.is_open() && to.is_open()) {
    std::uint64_t bytes = 0;
    const Moved moved = relay.move(from.descriptor(), to.descriptor(), kBytesBeforeOthers, bytes);
    if (bytes > 0) tunnel.last_moved = Watchdog::Clock::now();
    switch (moved) {
      case Moved::some:
        co_await from.give_way();
        break;
      case Moved::source_empty:
        go_on = co_await wait_for(tunnel, from, true);
        break;
      case Moved::sink_full:
        go_on = co_await wait_for(tunnel, to, false);
        break;
      case Moved::source_ended:
        to.shutdown_send();
        co_return;
      case Moved::failed:
        go_on = false;
        break;
    }
  }
  tunnel.close();
}

/// What is there, by way of a buffer that is held no longer; 0 at the end.
Task<Result<std::size_t>> copy_some(Stream& from, Stream& to) {
  std::array<char, kCopied> room;
  const auto size = co_await from.read_some(room, Limits::tunnel);
  if (!size || *size == 0) co_return size;
  const std::string_view piece(room.data(), *size);
  const auto sent = co_await to.write(piece, {}, {}, Limits::tunnel);
  if (!sent) co_return tl::unexpected(sent.error());
  co_return size;
}

/// The same where one end is behind TLS of ours, so that the kernel cannot do it.
Task<void> copy_direction(Tunnel& tunnel, Stream& from, Stream& to) {
  bool go_on = co_await wait_for(tunnel, from, true);
  while (go_on && from.is_open() && to.is_open()) {
    const auto size = co_await copy_some(from, to);
    if (!size) break;
    tunnel.last_moved = Watchdog::Clock::now();
    if (*size == 0) {
      co_await to.end_send();
      co_return;
    }
    go_on = co_await wait_for(tunnel, from, true);
  }
  tunnel.close();
}

Task<void> run_either(Tunnel& tunnel, Stream& from, Stream& to) {
  if (from.is_secured() || to.is_secured()) return copy_direction(tunnel, from, to);
  return run_direction(tunnel, from, to);
}

}  // namespace

Task<void> run_tunnel(asio::io_context& context, std::unique_ptr<Stream> client, std::unique_ptr<Stream> upstream) {
  Tunnel tunnel(context);
  tunnel.client = std::move(client);
  tunnel.upstream = std::move(upstream);
  asio::co_spawn(context.get_executor(), run_either(tunnel, *tunnel.upstream, *tunnel.client),
                 [&tunnel](const std::exception_ptr&) {
                   tunnel.second_running = false;
                   tunnel.other_done.cancel();
                 });
  co_await run_either(tunnel, *tunnel.client, *tunnel.upstream);
  while (tunnel.second_running) co_await tunnel.other_done.async_wait(kAwait);
  tunnel.close();
}

}  // namespace fairlead::agent::net
