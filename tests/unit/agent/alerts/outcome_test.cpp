#include "agent/alerts/outcome.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::alerts;
using namespace std::chrono_literals;

namespace {
const std::chrono::sys_seconds kNow = std::chrono::sys_days{std::chrono::year{2026} / 1 / 12} + 12h;
}  // namespace

TEST_CASE("judge_http: every kind of answer") {
  for (const long status : {200L, 201L, 202L, 204L, 299L}) {
    const bool delivered = judge_http(status, "", kNow).verdict == Verdict::delivered;
    CHECK(delivered);
  }
  for (const long status : {301L, 302L, 307L, 308L, 400L, 401L, 404L, 410L, 413L}) {
    CAPTURE(status);
    const bool parked = judge_http(status, "", kNow).verdict == Verdict::parked;
    CHECK(parked);
  }
  for (const long status : {0L, 100L, 408L, 425L, 429L, 500L, 502L, 503L, 504L}) {
    CAPTURE(status);
    const bool retried = judge_http(status, "", kNow).verdict == Verdict::retry;
    CHECK(retried);
  }
}

TEST_CASE("judge_http: the server's wish is heard, within reason") {
  CHECK(judge_http(503, "120", kNow).wait == 120s);
  CHECK(judge_http(429, " 7\r\n", kNow).wait == 7s);
  CHECK(judge_http(503, "99999999999999999999", kNow).wait == 24h);
  CHECK(judge_http(503, "1000000", kNow).wait == 24h);
  CHECK(judge_http(503, "Mon, 12 Jan 2026 12:02:00 GMT", kNow).wait == 2min);
  CHECK(judge_http(503, "Mon, 12 Jan 2026 11:00:00 GMT", kNow).wait == 0s);
  CHECK_FALSE(judge_http(503, "soon", kNow).wait.has_value());
  CHECK_FALSE(judge_http(503, "-5", kNow).wait.has_value());
  CHECK_FALSE(judge_http(503, "", kNow).wait.has_value());
}

TEST_CASE("judge_smtp: 4xx is tried again, 5xx and a refused account are parked, and words stay one printable line") {
  CHECK(Verdict::retry == judge_smtp(451, "451 try later", false).verdict);
  CHECK(Verdict::parked == judge_smtp(550, "550 no such user", false).verdict);
  CHECK(Verdict::parked == judge_smtp(535, "535 no", true).verdict);
  CHECK(Verdict::retry == judge_smtp(0, "", false).verdict);
  CHECK(judge_smtp(550, "550 a\r\n\x1b[31mb", false).says == "refused it for good: 550 a   [31mb");
  CHECK(judge_smtp(550, std::string(5000, 'x'), false).says.size() < 300);
}
