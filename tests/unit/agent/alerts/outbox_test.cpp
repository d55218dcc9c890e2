#include "agent/alerts/outbox.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/agent/alerts/samples.hpp"

using namespace fairlead::agent::alerts;
using namespace fairlead::agent::alerts::sample;

namespace {

Outbox open(const Folder& folder, TimePoint now = kMonday) {
  std::string notice;
  auto outbox = Outbox::open(folder.path(), now, notice);
  REQUIRE_MESSAGE(outbox.has_value(), outbox.error().context);
  return std::move(*outbox);
}

std::vector<Route> routes(std::initializer_list<std::string> addresses) {
  auto all = catalog();
  all.policy.alerts.mail[0].to = addresses;
  return routes_of(all.policy.alerts);
}

DueIncident due(std::uint64_t number, Severity severity = Severity::high, Reason reason = Reason::fresh) {
  return {{number, AlertWay::at_once, reason, severity, "contact", "c", "Title", "", "", kMonday}, 1};
}

void compose(const std::vector<Item>& items, std::uint64_t beyond, Message& message) {
  message.subject = std::to_string(items.size());
  message.body = "body of " + std::to_string(items.size()) + "+" + std::to_string(beyond);
}

Message only_message(Outbox& outbox, TimePoint now = kMonday) {
  const Due at_once{now, AlertWay::at_once, Severity::low};
  REQUIRE(outbox.make_message(outbox.routes()[0], at_once, now, compose));
  auto message = outbox.next_message(now);
  REQUIRE(message);
  REQUIRE(message->has_value());
  return **message;
}

}  // namespace

TEST_CASE("Outbox: what was queued is there after the agent was killed, with the cursor and what was told") {
  const Folder folder;
  {
    Outbox outbox = open(folder);
    REQUIRE(outbox.set_routes(routes({"a@example.org", "b@example.org"})));
    REQUIRE(outbox.queue({due(1), due(2, Severity::critical)}, kMonday, kMonday));
  }
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org", "b@example.org"})));
  CHECK(outbox.number("cursor").value() == kMonday);
  CHECK(outbox.told(2).value()->severity == Severity::critical);
  CHECK_FALSE(outbox.told(3).value().has_value());
  for (const Route& route : outbox.routes()) {
    const auto waiting = outbox.waiting(route, kMonday - 1h);
    REQUIRE(waiting->has_value());
    CHECK((*waiting)->at_once.gravest == Severity::critical);
  }
}

TEST_CASE("Outbox: an attempt that nobody knows the end of is made again, under the same key") {
  const Folder folder;
  Message first;
  {
    Outbox outbox = open(folder);
    REQUIRE(outbox.set_routes(routes({"a@example.org"})));
    REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
    first = only_message(outbox);
    REQUIRE(outbox.begin(first, kMonday));
    CHECK_FALSE(outbox.next_message(kMonday).value().has_value());  // it is under way
  }
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  const auto again = outbox.next_message(kMonday);
  REQUIRE(again->has_value());
  CHECK((*again)->key == first.key);
  CHECK((*again)->body == first.body);
  CHECK((*again)->attempts == 1);
  CHECK(outbox.status().value()[0].in_doubt == 1);
}

TEST_CASE("Outbox: a delivered message is never sent again, and its text is in no byte of the file") {
  const Folder folder;
  {
    Outbox outbox = open(folder);
    REQUIRE(outbox.set_routes(routes({"a@example.org"})));
    REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
    const Message message = only_message(outbox);
    REQUIRE(outbox.begin(message, kMonday));
    REQUIRE(outbox.finish(message, {Verdict::delivered, "", {}, false}, kMonday, kMonday));
    REQUIRE(outbox.forget(kMonday));
    CHECK(outbox.not_entered()->size() == 1);
    REQUIRE(outbox.entered(message));
    CHECK(outbox.not_entered()->empty());
  }
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  CHECK_FALSE(outbox.next_message(kMonday + 1000h).value().has_value());
  CHECK(outbox.status().value()[0].last_delivered == kMonday);
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    CAPTURE(file.path().string());
    CHECK(bytes.find("body of 1") == std::string::npos);
  }
  const auto rows = recent_alerts(folder.path(), 10, 0);
  REQUIRE(rows->size() == 1);
  CHECK(rows->front().state == MessageState::delivered);
  CHECK(rows->front().incidents == std::vector<std::uint64_t>{1});
}

TEST_CASE("Outbox: while a message waits for its server, what comes meanwhile waits to be one with the next") {
  const Folder folder;
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
  const Message message = only_message(outbox);
  REQUIRE(outbox.begin(message, kMonday));
  REQUIRE(outbox.finish(message, {Verdict::retry, "cannot be reached", {}, true}, kMonday + 1h, kMonday));
  REQUIRE(outbox.queue({due(2), due(3)}, kMonday, kMonday));
  CHECK_FALSE(outbox.waiting(outbox.routes()[0], kMonday - 1h).value().has_value());
  CHECK_FALSE(outbox.next_message(kMonday + 59min).value().has_value());
  CHECK(outbox.next_message(kMonday + 1h).value().has_value());
  CHECK(outbox.next_try().value() == kMonday + 1h);
  CHECK(outbox.status().value()[0].trouble == "cannot be reached");
  REQUIRE(outbox.hurry(kMonday + 30s));
  CHECK(outbox.next_try().value() == kMonday + 1min);  // a minute after its last attempt
  REQUIRE(outbox.hurry(kMonday + 30min));
  CHECK(outbox.next_try().value() == kMonday + 1min);
}

TEST_CASE("Outbox: one incident waits once, with its gravest word, and new stays new") {
  const Folder folder;
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
  REQUIRE(outbox.queue({due(1, Severity::critical, Reason::more_severe)}, kMonday, kMonday));
  std::vector<Item> taken;
  REQUIRE(outbox.make_message(outbox.routes()[0], {kMonday, AlertWay::at_once, Severity::low}, kMonday,
                              [&](const std::vector<Item>& items, std::uint64_t, Message&) { taken = items; }));
  REQUIRE(taken.size() == 1);
  CHECK(taken[0].severity == Severity::critical);
  CHECK(taken[0].reason == Reason::fresh);
}

TEST_CASE("Outbox: what there is no room for is counted and told of") {
  const Folder folder;
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  std::vector<DueIncident> many;
  for (std::uint64_t n = 1; n <= Outbox::kMostItems + 7; ++n) many.push_back(due(n));
  REQUIRE(outbox.queue(many, kMonday, kMonday));
  CHECK(outbox.status().value()[0].beyond == 7);
  CHECK(only_message(outbox).body == "body of 5000+7");
  CHECK(outbox.status().value()[0].beyond == 0);
}

TEST_CASE("Outbox: what waits for a mended address goes to the new one; where there is none it is counted") {
  const Folder folder;
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"laed@example.org"})));
  REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
  const Message message = only_message(outbox);
  REQUIRE(outbox.begin(message, kMonday));
  REQUIRE(outbox.finish(message, {Verdict::parked, "no such user", {}, false}, kMonday + 6h, kMonday));
  REQUIRE(outbox.queue({due(2)}, kMonday, kMonday));
  REQUIRE(outbox.set_routes(routes({"lead@example.org"})));
  CHECK(outbox.next_message(kMonday + 6h).value()->route == "mail lead@example.org");
  CHECK(outbox.status().value()[0].incidents == 1);
  CHECK(outbox.status().value()[0].parked == 1);
  REQUIRE(outbox.set_routes({}));
  CHECK_FALSE(outbox.next_message(kMonday + 100h).value().has_value());
  CHECK(outbox.withdrawn(kMonday).value() == 1);
}

TEST_CASE("Outbox: a damaged file is set aside, and said") {
  const Folder folder;
  std::ofstream(folder.path() / "alerts.db") << std::string(8192, 'x');
  std::string notice;
  REQUIRE(Outbox::open(folder.path(), kMonday, notice));
  CHECK(notice.find("alerts-set-aside-") != std::string::npos);
}

TEST_CASE("Outbox: a file that proves damaged while it is used is set aside with its log, and kept") {
  const Folder folder;
  { Outbox used = open(folder); }
  std::ofstream(folder.path() / "alerts.db-wal") << "log";
  std::string notice;
  REQUIRE(Outbox::open_anew(folder.path(), kMonday, notice));
  CHECK(notice.find("alerts-set-aside-") != std::string::npos);
  const std::string aside = "alerts-set-aside-" + std::to_string(kMonday.time_since_epoch().count()) + ".db";
  CHECK(std::filesystem::file_size(folder.path() / aside) > 0);
  CHECK(std::filesystem::exists(folder.path() / (aside + "-wal")));
  CHECK(std::filesystem::exists(folder.path() / "alerts.db"));
}

TEST_CASE("Outbox: an attempt that ended in doubt is counted, also where the agent lives on") {
  const Folder folder;
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
  const Message message = only_message(outbox);
  for (const bool in_doubt : {true, false, true}) {
    REQUIRE(outbox.begin(message, kMonday));
    REQUIRE(outbox.finish(message, {Verdict::retry, "ended", {}, false, in_doubt}, kMonday, kMonday));
  }
  CHECK(outbox.status().value()[0].in_doubt == 2);
}

TEST_CASE("Outbox: what could not be delivered for thirty days is withdrawn, counted, and its text gone") {
  const Folder folder;
  Outbox outbox = open(folder);
  REQUIRE(outbox.set_routes(routes({"a@example.org"})));
  REQUIRE(outbox.queue({due(1)}, kMonday, kMonday));
  const Message message = only_message(outbox);
  REQUIRE(outbox.begin(message, kMonday));
  REQUIRE(outbox.finish(message, {Verdict::retry, "cannot be reached", {}, true}, kMonday + 1h, kMonday));
  REQUIRE(outbox.forget(kMonday + 29 * 24h));
  CHECK(outbox.next_message(kMonday + 29 * 24h).value().has_value());
  REQUIRE(outbox.forget(kMonday + 31 * 24h));
  CHECK_FALSE(outbox.next_message(kMonday + 31 * 24h).value().has_value());
  CHECK(outbox.withdrawn(kMonday + 31 * 24h).value() == 1);
  CHECK(outbox.withdrawn(kMonday + 61 * 24h).value() == 0);
}
