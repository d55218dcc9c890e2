#include "agent/net/dialer.hpp"

#include <algorithm>

namespace fairlead::agent::net {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kNextAfter{250};  // RFC 8305 section 5, "Connection Attempt Delay"
constexpr std::size_t kMostTried = 8;

/// RFC 8305 section 4: families in turn, beginning with the one the system prefers.
Addresses interleave(const Addresses& addresses) {
  Addresses preferred, other, mixed;
  for (const auto& address : addresses) {
    (address.is_v6() == addresses.front().is_v6() ? preferred : other).push_back(address);
  }
  for (std::size_t i = 0; i < std::max(preferred.size(), other.size()); ++i) {
    if (i < preferred.size()) mixed.push_back(preferred[i]);
    if (i < other.size()) mixed.push_back(other[i]);
  }
  mixed.resize(std::min(mixed.size(), kMostTried));
  return mixed;
}

/// Shared by the attempts; whoever loses closes its own stream.
struct Race {
  explicit Race(asio::io_context& context) : news(context) {}
  Timer news;  // cancelled when an attempt ends
  std::unique_ptr<Stream> winner;
  std::vector<Stream*> running;
  Error last{Errc::unreachable, Side::upstream, "no address"};
  bool over = false;
};

std::unique_ptr<Stream> new_stream(asio::io_context& context, Watchdog& watchdog) {
  return std::make_unique<Stream>(Socket(context.get_executor()), watchdog, Side::upstream);
}

Task<void> attempt(std::shared_ptr<Race> race, std::unique_ptr<Stream> stream, Tcp::endpoint endpoint) {
  race->running.push_back(stream.get());
  auto connected = co_await stream->connect(endpoint, Limits::connect);
  std::erase(race->running, stream.get());
  if (!connected) {
    race->last = std::move(connected).error();
  } else if (!race->over && race->winner == nullptr) {
    race->winner = std::move(stream);
  }
  race->news.cancel();
}

Task<Result<std::unique_ptr<Stream>>> dial_one(asio::io_context& context, Watchdog& watchdog, Tcp::endpoint endpoint) {
  auto stream = new_stream(context, watchdog);
  auto connected = co_await stream->connect(endpoint, Limits::connect);
  if (!connected) co_return tl::unexpected(std::move(connected).error());
  co_return stream;
}

}  // namespace

Task<Result<std::unique_ptr<Stream>>> dial(asio::io_context& context, Watchdog& watchdog, Addresses addresses,
                                           std::uint16_t port) {
  if (addresses.size() == 1) {
    const Tcp::endpoint only(addresses.front(), port);
    co_return co_await dial_one(context, watchdog, only);
  }
  const auto race = std::make_shared<Race>(context);
  const auto deadline = steady_clock::now() + Limits::connect;
  Addresses left = interleave(addresses);
  std::reverse(left.begin(), left.end());
  while (race->winner == nullptr && (!left.empty() || !race->running.empty()) && steady_clock::now() < deadline) {
    race->news.expires_at(deadline);
    if (!left.empty()) {
      const Tcp::endpoint endpoint(left.back(), port);
      left.pop_back();
      race->news.expires_after(kNextAfter);
      // The function object owns everything, so the attempt may outlive this call.
      asio::co_spawn(
          context.get_executor(),
          [race, stream = new_stream(context, watchdog), endpoint]() mutable {
            return attempt(race, std::move(stream), endpoint);
          },
          asio::detached);
    }
    co_await race->news.async_wait(kAwait);
  }
  race->over = true;
  for (Stream* loser : std::vector<Stream*>(race->running)) loser->close();
  if (race->winner != nullptr) co_return std::move(race->winner);
  if (!race->running.empty()) co_return fail(Errc::timed_out, Side::upstream, "no connection in time");
  co_return tl::unexpected(race->last);
}

}  // namespace fairlead::agent::net
