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

TEST_CASE("judge_http: what a gateway did not hear the end of is in doubt") {
  for (const long status : {502L, 504L}) CHECK(judge_http(status, "", kNow).in_doubt);
  for (const long status : {408L, 429L, 500L, 503L, 404L}) CHECK_FALSE(judge_http(status, "", kNow).in_doubt);
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

TEST_CASE("judge_smtp: a server that cannot check an account now did not refuse it") {
  // RFC 4954, 4 and 6: 454 is a temporary authentication failure, 432 a password transition; RFC 5321, 4.2.3: 421 may
  // answer anything.
  for (const long code : {421L, 432L, 451L, 454L}) {
    CAPTURE(code);
    const Outcome outcome = judge_smtp(code, std::to_string(code) + " later", true);
    const bool retried = outcome.verdict == Verdict::retry;
    CHECK(retried);
    CHECK(outcome.says == "cannot check the account for now: " + std::to_string(code) + " later");
  }
  for (const long code : {500L, 504L, 530L, 534L, 535L, 538L}) {
    CAPTURE(code);
    const bool parked = judge_smtp(code, "", true).verdict == Verdict::parked;
    CHECK(parked);
  }
  CHECK(judge_smtp(250, "250 SIZE", true).says == "offers no way to sign in that is known here");
}
