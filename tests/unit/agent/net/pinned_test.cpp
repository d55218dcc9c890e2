#include "agent/net/pinned.hpp"

#include <doctest/doctest.h>

namespace fairlead::agent::net {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1'780'000'000)};
constexpr std::uint64_t kApp = 7, kBrowser = 8;

void refuse(Pinned& pinned, int times, std::chrono::sys_seconds at = kNow) {
  for (int i = 0; i < times; ++i) static_cast<void>(pinned.refused("app.example", kApp, at));
}

TEST_CASE("Pinned: the third refusal within an hour lets that program pass at that host, and says so once") {
  Pinned pinned;
  CHECK_FALSE(pinned.refused("app.example", kApp, kNow));
  CHECK_FALSE(pinned.refused("app.example", kApp, kNow + minutes(20)));
  CHECK_FALSE(pinned.passes("app.example", kApp, kNow + minutes(20)));
  CHECK(pinned.refused("app.example", kApp, kNow + minutes(40)));
  CHECK(pinned.passes("app.example", kApp, kNow + minutes(40)));
  CHECK_FALSE(pinned.refused("app.example", kApp, kNow + minutes(41)));  // a connection that was under way
  CHECK(pinned.passes("app.example", kApp, kNow + hours(20)));
}

TEST_CASE("Pinned: nothing opens for another program or another host") {
  Pinned pinned;
  refuse(pinned, 3);
  CHECK(pinned.passes("app.example", kApp, kNow));
  CHECK_FALSE(pinned.passes("app.example", kBrowser, kNow));
  CHECK_FALSE(pinned.passes("www.app.example", kApp, kNow));
}

TEST_CASE("Pinned: refusals hours apart are none, and a pass ends after a day") {
  Pinned pinned;
  for (int i = 0; i < 10; ++i) CHECK_FALSE(pinned.refused("app.example", kApp, kNow + hours(i)));
  Pinned passing;
  refuse(passing, 3);
  CHECK_FALSE(passing.passes("app.example", kApp, kNow + hours(24)));
  refuse(passing, 2, kNow + hours(25));
  CHECK_FALSE(passing.passes("app.example", kApp, kNow + hours(25)));
  refuse(passing, 1, kNow + hours(25));
  CHECK(passing.passes("app.example", kApp, kNow + hours(25)));
}

TEST_CASE("Pinned: a clock that was set back passes nobody") {
  Pinned pinned;
  refuse(pinned, 3);
  CHECK_FALSE(pinned.passes("app.example", kApp, kNow - hours(1)));
}

TEST_CASE("Pinned: what is remembered is bounded, and the oldest goes first") {
  Pinned pinned;
  refuse(pinned, 3);
  for (std::uint64_t program = 100; program < 100 + Pinned::kMost - 1; ++program) {
    static_cast<void>(pinned.refused("other.example", program, kNow));
  }
  CHECK(pinned.size() == Pinned::kMost);
  CHECK(pinned.passes("app.example", kApp, kNow));
  static_cast<void>(pinned.refused("other.example", 9, kNow));
  CHECK(pinned.size() == Pinned::kMost);
  CHECK_FALSE(pinned.passes("app.example", kApp, kNow));
}

}  // namespace
}  // namespace fairlead::agent::net
