#include "agent/net/notice_limit.hpp"

#include <doctest/doctest.h>

namespace fairlead::agent::net {
namespace {

using std::chrono::seconds;

constexpr NoticeLimit::Clock::time_point kStart{};

TEST_CASE("NoticeLimit: a browser that asks again and again is told about once") {
  NoticeLimit limit;
  CHECK(limit.take("amy", "blocked.example", kStart));
  for (int second = 0; second < 600; second += 7) {
    CHECK_FALSE(limit.take("amy", "blocked.example", kStart + seconds(second)));
  }
  CHECK(limit.take("amy", "blocked.example", kStart + NoticeLimit::kBetweenSame));
}

TEST_CASE("NoticeLimit: many hosts at once are one notice, and one person's are not another's") {
  NoticeLimit limit;
  CHECK(limit.take("amy", "one.example", kStart));
  CHECK_FALSE(limit.take("amy", "two.example", kStart + seconds(19)));
  CHECK(limit.take("ben", "one.example", kStart + seconds(19)));
  CHECK(limit.take("amy", "two.example", kStart + NoticeLimit::kBetween));
}

TEST_CASE("NoticeLimit: what it remembers is bounded, and forgotten in time") {
  NoticeLimit limit;
  for (std::size_t i = 0; i < NoticeLimit::kMost; ++i)
    CHECK(limit.take("person" + std::to_string(i), "a.example", kStart));
  CHECK_FALSE(limit.take("another", "a.example", kStart));
  CHECK(limit.take("another", "a.example", kStart + NoticeLimit::kBetweenSame));
}

}  // namespace
}  // namespace fairlead::agent::net
