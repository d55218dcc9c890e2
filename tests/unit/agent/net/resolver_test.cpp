// Names of the hosts file alone: nothing here leaves the machine.

#include "agent/net/resolver.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <utility>

using namespace fairlead;
using namespace fairlead::agent;
using namespace std::chrono_literals;

namespace {

using Names = std::vector<std::string>;

Result<net::Resolved> resolve(net::asio::io_context& context, net::Resolver& resolver, net::Aliases aliases) {
  Result<net::Resolved> out;
  net::asio::co_spawn(
      context, [&]() -> net::Task<void> { out = co_await resolver.resolve("localhost", aliases); },
      net::asio::detached);
  context.restart();
  context.run();
  return out;
}

}  // namespace

TEST_CASE("Resolver: aliases that nobody judges are not asked for, and those of others are kept apart from them") {
  net::asio::io_context context;
  std::atomic<int> asked = 0;
  net::Resolver resolver(context, [&](const std::string&, const std::string&, bool) -> Result<Names> {
    ++asked;
    return Names{"another.example"};
  });
  const auto skipped = resolve(context, resolver, net::Aliases::skip);
  REQUIRE(skipped);
  CHECK_FALSE(skipped->addresses.empty());
  CHECK(skipped->aliases.empty());
  CHECK(asked == 0);
  for (int i = 0; i < 2; ++i) CHECK(resolve(context, resolver, net::Aliases::ask)->aliases == Names{"another.example"});
  CHECK(asked == 1);
  CHECK(resolve(context, resolver, net::Aliases::skip)->aliases.empty());
}

TEST_CASE("Resolver: a name server that says nothing of aliases does not fail the connection") {
  net::asio::io_context context;
  std::promise<void> end;
  auto ended = end.get_future().share();
  net::Resolver resolver(
      context,
      [ended](const std::string&, const std::string&, bool) -> Result<Names> {
        ended.wait();
        return Names{"late.example"};
      },
      20ms);
  const std::promise<void> ends_first = std::move(end);  // before the resolver, which waits for its threads
  // The loop ends although the question is still open.
  const auto found = resolve(context, resolver, net::Aliases::ask);
  REQUIRE_MESSAGE(found.has_value(), found.error().context);
  CHECK_FALSE(found->addresses.empty());
  CHECK(resolve(context, resolver, net::Aliases::ask).has_value());  // from the cache
}

TEST_CASE("Resolver: a name whose aliases come to no end is no name") {
  net::asio::io_context context;
  net::Resolver resolver(context, [](const std::string&, const std::string&, bool) -> Result<Names> {
    return fail(Errc::not_found, Side::upstream, "a circle");
  });
  const auto found = resolve(context, resolver, net::Aliases::ask);
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Errc::not_found);
}

TEST_CASE("Resolver: nothing is kept over a change of the network, nor what is still to be told of the old one") {
  net::asio::io_context context;
  std::atomic<int> asked = 0;
  net::Resolver* all = nullptr;
  net::Resolver resolver(context, [&](const std::string&, const std::string&, bool) -> Result<Names> {
    // The first answer is under way while the network changes.
    if (++asked == 1) net::asio::post(context, [&all] { all->forget(); });
    return Names{"another.example"};
  });
  all = &resolver;
  CHECK(resolve(context, resolver, net::Aliases::ask).has_value());  // who waited is answered all the same
  CHECK(resolve(context, resolver, net::Aliases::ask).has_value());
  CHECK(asked == 2);
  CHECK(resolve(context, resolver, net::Aliases::ask).has_value());
  CHECK(asked == 2);
  resolver.forget();
  CHECK(resolve(context, resolver, net::Aliases::ask).has_value());
  CHECK(asked == 3);
}
