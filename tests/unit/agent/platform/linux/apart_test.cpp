#include "agent/platform/apart.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <future>

#include "agent/platform/clock_watch.hpp"
#include "agent/platform/network_watch.hpp"

using namespace fairlead;
using namespace fairlead::agent;
using namespace std::chrono_literals;

TEST_CASE("run_apart: the work is done as the other account, and never as root") {
  const auto told = platform::run_apart(platform::kNobodyInParticular, 20s, [] {
    // A file of root's, which nobody else may write.
    const bool writes = std::ofstream("/etc/passwd", std::ios::app).is_open();
    return std::to_string(static_cast<std::uint32_t>(platform::own_account())) + (writes ? " writes" : " reads");
  });
  if (platform::is_administrator()) {
    REQUIRE_MESSAGE(told, told.error().context);
    CHECK(*told == "61183 reads");
  } else {
    REQUIRE_FALSE(told);
    CHECK(told.error().code == Errc::denied);
  }
}

TEST_CASE("run_apart: more than a pipe holds comes whole, and what ends without a word is told") {
  const auto account = platform::own_account();
  if (!platform::is_administrator()) return;
  const auto whole = platform::run_apart(account, 20s, [] { return std::string(300'000, 'x'); });
  REQUIRE(whole);
  CHECK(whole->size() == 300'000);
  const auto none = platform::run_apart(account, 20s, []() -> std::string { std::_Exit(5); });
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::internal);
}

TEST_CASE("run_apart: what does not come to an end is ended") {
  if (!platform::is_administrator()) return;
  std::promise<void> never;
  const auto stuck = platform::run_apart(platform::own_account(), 1s, [&never]() -> std::string {
    never.get_future().wait();
    return {};
  });
  REQUIRE_FALSE(stuck);
  CHECK(stuck.error().code == Errc::timed_out);
}

TEST_CASE("clocks and network: both can be watched, and say nothing while nothing happens") {
  platform::ClockWatch clocks;
  CHECK(clocks.descriptor() >= 0);
  CHECK_FALSE(clocks.drain());
  const platform::NetworkWatch network;
  CHECK(network.descriptor() >= 0);
  const auto now = platform::read_clocks();
  CHECK(now.since_boot >= now.awake);
}
