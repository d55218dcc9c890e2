#include <doctest/doctest.h>

#include "agent/alerts/outbox.hpp"
#include "tests/unit/agent/console/fixture.hpp"

using namespace fairlead;
using namespace fairlead::sample;
namespace alerts = agent::alerts;

namespace {

/// A state folder in which one alert was delivered and one refused, with whatever a server said.
void fill(const std::filesystem::path& folder, const std::string& said) {
  std::string notice;
  auto outbox = alerts::Outbox::open(folder, kNow, notice);
  REQUIRE(outbox);
  REQUIRE(outbox->set_routes({{"mail lead@example.org", false, 0, "lead@example.org"}}));
  for (std::uint64_t incident = 7; incident <= 8; ++incident) {
    const alerts::Item item{incident,
                            alerts::AlertWay::at_once,
                            alerts::Reason::fresh,
                            alerts::Severity::high,
                            "contact",
                            "c",
                            "Title",
                            "zzpersonzz",
                            "zzhostzz",
                            kNow};
    REQUIRE(outbox->queue({{item, 1}}, kNow, kNow));
    REQUIRE(outbox->make_message(
        outbox->routes()[0], {kNow, alerts::AlertWay::at_once, alerts::Severity::low}, kNow,
        [](const auto&, std::uint64_t, alerts::Message& message) { message.body = "zzpersonzz"; }));
    const auto message = outbox->next_message(kNow);
    REQUIRE(message->has_value());
    REQUIRE(outbox->begin(**message, kNow));
    const auto verdict = incident == 7 ? alerts::Verdict::delivered : alerts::Verdict::parked;
    REQUIRE(outbox->finish(**message, {verdict, said, {}, false}, kNow + std::chrono::hours(6), kNow));
  }
}

}  // namespace

TEST_CASE_FIXTURE(Console, "alerts: the page says what arrived and what did not, and names nobody") {
  hands.state = folder.path;
  fill(folder.path, "refused it for good: <script>alert(1)</script>");
  const auto answer = ask(get("/alerts", cookie(agent::console::Role::lead)));
  CHECK(answer.status == 200);
  CHECK(has(answer.body, "<a href=\"/incidents/7\">7</a>"));
  CHECK(has(answer.body, "Delivered "));
  CHECK(has(answer.body, "<strong>Refused.</strong>"));
  CHECK(has(answer.body, "&lt;script&gt;"));
  CHECK_FALSE(has(answer.body, "<script>alert"));
  CHECK_FALSE(has(answer.body, "zzpersonzz"));
  CHECK_FALSE(has(answer.body, "zzhostzz"));
}

TEST_CASE_FIXTURE(Console, "alerts: the lead's first page says how many have not arrived") {
  hands.state = folder.path;
  CHECK_FALSE(has(ask(get("/", cookie(agent::console::Role::lead))).body, "href=\"/alerts\"><strong>"));
  fill(folder.path, "refused it for good");
  CHECK(has(ask(get("/", cookie(agent::console::Role::lead))).body,
            "<a href=\"/alerts\"><strong>1</strong> alert has not arrived</a>"));
}

TEST_CASE_FIXTURE(Console, "alerts: without a channel the page says that nobody is told") {
  hands.state = folder.path;
  const auto answer = ask(get("/alerts", cookie(agent::console::Role::lead)));
  CHECK(answer.status == 200);
  CHECK(has(answer.body, "Nobody is told at present"));
  CHECK(has(answer.body, "No alert was sent."));
}
