// Whole rounds with a store, a clock and servers of the test's own.

#include "agent/alerts/rounds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/agent/alerts/samples.hpp"

using namespace fairlead::agent::alerts;
using namespace fairlead::agent::alerts::sample;
using fairlead::Result;
namespace events = fairlead::agent::events;
namespace rules = fairlead::rules;

namespace {

/// What is thrown where an agent would be killed.
struct Killed {};

struct World {
  Folder folder;
  rules::catalog::Catalog all = catalog();
  TimePoint now = kMonday;
  std::vector<events::Incident> incidents;
  std::vector<events::Entry> entries;
  std::vector<Message> arrived;
  std::function<Outcome(const Route&, const Message&)> server;
  std::optional<Rounds> rounds;

  World() {
    server = [](const Route&, const Message&) { return Outcome{Verdict::delivered, "", {}, false}; };
    start();
  }

  void start() {
    RoundsOptions options;
    options.feed.incidents = [this](const events::IncidentFilter& filter) { return changed(filter); };
    options.feed.events_wait = [] { return false; };
    options.feed.entries = [this](const events::EntryFilter& filter) -> Result<std::vector<events::Entry>> {
      std::vector<events::Entry> out;
      for (const auto& one : entries) {
        if (one.incident == filter.incident) out.push_back(one);
      }
      return out;
    };
    options.feed.add = [this](events::Entry entry) -> Result<std::uint64_t> {
      entries.push_back(std::move(entry));
      return entries.size();
    };
    options.send = [this](const Route& route, const Message& message) {
      Outcome outcome = server(route, message);
      if (outcome.verdict == Verdict::delivered) arrived.push_back(message);
      return outcome;
    };
    options.now = [this] { return now; };
    options.chance = [] { return 1.0; };
    options.tell = [](const std::string&) {};
    options.started = now;
    rounds.reset();
    std::string notice;
    auto outbox = Outbox::open(folder.path(), now, notice);
    REQUIRE(outbox);
    rounds.emplace(std::move(*outbox), std::move(options), !notice.empty());
    REQUIRE(rounds->use(all));
  }

  [[nodiscard]] Result<std::vector<events::Incident>> changed(const events::IncidentFilter& filter) const {
    std::vector<events::Incident> out;
    for (const auto& one : incidents) {
      if (one.changed > *filter.changed_after) out.push_back(one);
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.changed > b.changed; });
    out.erase(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(std::min(filter.offset, out.size())));
    out.resize(std::min(filter.limit, out.size()));
    return out;
  }

  void happens(std::uint64_t number, const std::string& severity = "high") {
    incidents.push_back(incident(number, severity, now));
  }

  /// Rounds until nothing is left to do before `until`.
  void run_until(TimePoint until) {
    for (;;) {
      const auto next = rounds->run(true);
      REQUIRE_MESSAGE(next.has_value(), next.error().context);
      if (!*next || **next > until) break;
      now = std::max(now, **next);
    }
    now = std::max(now, until);
  }
};

}  // namespace

TEST_CASE("Rounds: an incident becomes one message, and an entry in the book") {
  World world;
  world.now += 1s;
  world.happens(12);
  world.run_until(world.now + 1h);
  REQUIRE(world.arrived.size() == 1);
  CHECK(world.arrived[0].incidents == std::vector<std::uint64_t>{12});
  REQUIRE(world.entries.size() == 1);
  CHECK(world.entries[0].kind == "alert");
  CHECK(world.entries[0].subject == "mail, at once");
  CHECK(world.entries[0].incident == 12);
  world.start();
  world.run_until(world.now + 1h);
  CHECK(world.arrived.size() == 1);
  CHECK(world.entries.size() == 1);
}

TEST_CASE("Rounds: a storm of five hundred incidents in a minute is a few messages that tell of all") {
  World world;
  for (std::uint64_t n = 1; n <= 500; ++n) {
    world.now += 120ms;
    world.happens(n, n % 50 == 0 ? "critical" : "high");
    if (n % 5 == 0) world.run_until(world.now);
  }
  world.run_until(world.now + 1h);
  CHECK(world.arrived.size() <= 5);
  std::uint64_t told = 0;
  for (const Message& message : world.arrived) told += message.incidents.size();
  CHECK(told == 500);
}

TEST_CASE("Rounds: nobody is told of what happened before there was a channel") {
  World world;
  const auto mail = world.all.policy.alerts.mail;
  world.all.policy.alerts.mail.clear();
  REQUIRE(world.rounds->use(world.all));
  world.now += 1s;
  world.happens(1);
  world.run_until(world.now + 1min);
  world.all.policy.alerts.mail = mail;
  world.now += 1h;
  REQUIRE(world.rounds->run(true));
  REQUIRE(world.rounds->use(world.all));
  world.now += 1s;
  world.happens(2);
  world.run_until(world.now + 1h);
  REQUIRE(world.arrived.size() == 1);
  CHECK(world.arrived[0].incidents == std::vector<std::uint64_t>{2});
}

TEST_CASE("Rounds: what happened just before the agent was killed is told after the start") {
  World world;
  world.now += 1s;
  world.happens(1);
  world.now += 3 * 24h;  // and then the laptop was off
  world.start();
  world.run_until(world.now + 1min);
  CHECK(world.arrived.size() == 1);
}

TEST_CASE("Rounds: a clock that was set forward and back loses nothing") {
  World world;
  world.now += 1000h;
  world.happens(1);
  world.run_until(world.now + 1s);
  world.now -= 999h;
  world.happens(2);
  world.run_until(world.now + 1s);
  world.happens(3);
  world.run_until(world.now + 1h);
  std::uint64_t told = 0;
  for (const Message& message : world.arrived) told += message.incidents.size();
  CHECK(told == 3);
}

TEST_CASE("Rounds: a clock that was ahead when a channel was named silences nothing once it is right") {
  World world;
  const auto mail = world.all.policy.alerts.mail;
  world.all.policy.alerts.mail.clear();
  REQUIRE(world.rounds->use(world.all));
  world.now += 10000h;
  world.all.policy.alerts.mail = mail;
  REQUIRE(world.rounds->use(world.all));
  world.now -= 9999h;
  world.happens(1);
  world.run_until(world.now + 1min);
  CHECK(world.arrived.size() == 1);
}

TEST_CASE("Rounds: what waits for a server since before the clock was set back is tried now") {
  World world;
  bool down = true;
  world.server = [&](const Route&, const Message&) {
    return down ? Outcome{Verdict::retry, "cannot be reached", {}, true} : Outcome{Verdict::delivered, "", {}, false};
  };
  world.now += 10000h;
  world.happens(1);
  world.run_until(world.now + 1h);
  down = false;
  world.now -= 9999h;
  world.run_until(world.now + 1min);
  REQUIRE(world.arrived.size() == 1);
}

TEST_CASE("Rounds: what began to wait before the clock was set back goes with the next summary") {
  World world;
  world.all.policy.alerts.by_category = {{0, AlertWay::daily}};
  REQUIRE(world.rounds->use(world.all));
  world.now += 10000h;
  world.happens(1);
  REQUIRE(world.rounds->run(true));
  world.now -= 9999h;
  for (int step = 0; step < 30 * 6; ++step) {  // nobody wakes at the very moment
    world.now += 10min + 7ms;
    REQUIRE(world.rounds->run(true));
  }
  CHECK(world.arrived.size() == 1);
}

TEST_CASE("Rounds: what goes on is told of again, also when it was last told of before the clock was set back") {
  World world;
  world.now += 10000h;
  world.happens(1);
  world.run_until(world.now + 1min);
  REQUIRE(world.arrived.size() == 1);
  world.now -= 9999h;
  world.run_until(world.now + 13h);
  world.incidents[0].count = 9;
  world.incidents[0].last = world.incidents[0].changed = world.now;
  world.run_until(world.now + 1min);
  CHECK(world.arrived.size() == 2);
}

TEST_CASE("Rounds: something critical does not wait behind what its channel put off, be it mail or webhook") {
  World world;
  SUBCASE("mail") {}
  SUBCASE("webhook") {
    world.all.policy.alerts.mail.clear();
    world.all.policy.alerts.webhooks.emplace_back().url = "https://hooks.example.org/";
    REQUIRE(world.rounds->use(world.all));
  }
  int attempts = 0;
  world.server = [&](const Route&, const Message&) {
    ++attempts;
    return Outcome{Verdict::retry, "answered 503, for now", 20h, false};
  };
  world.now += 1s;
  world.happens(1);
  world.run_until(world.now + 2h);
  REQUIRE(attempts == 1);
  world.happens(2, "critical");
  world.run_until(world.now + 1s);
  CHECK(attempts == 2);
  for (std::uint64_t n = 3; n < 23; ++n) {  // a server that is down is not asked for each of them
    world.happens(n, "critical");
    world.run_until(world.now + 3s);
  }
  CHECK(attempts <= 4);
}

TEST_CASE("Rounds: every incident of a storm stands in the book, and so do more messages than one round looks at") {
  World world;
  SUBCASE("one message of many incidents") {
    world.now += 1s;
    for (std::uint64_t n = 1; n <= 700; ++n) world.happens(n);
    world.run_until(world.now + 1h);
    CHECK(world.entries.size() == 700);
  }
  SUBCASE("many messages of one incident") {
    auto& to = world.all.policy.alerts.mail[0].to;
    for (int n = 0; n < 45; ++n) to.push_back("a" + std::to_string(n) + "@example.org");
    REQUIRE(world.rounds->use(world.all));
    world.now += 1s;
    world.happens(1);
    world.run_until(world.now + 1min);
    CHECK(world.entries.size() == 46);
  }
}

TEST_CASE("Rounds: once a message is delivered its text is in no byte of the files, also while the agent runs") {
  World world;
  world.all.policy.alerts.includes.person = true;
  REQUIRE(world.rounds->use(world.all));
  world.now += 1h;
  REQUIRE(world.rounds->run(true));
  world.happens(1);
  world.incidents[0].person = "somebody-in-particular";
  world.run_until(world.now + 1min);
  REQUIRE(world.arrived.size() == 1);
  REQUIRE(world.arrived[0].body.find("somebody-in-particular") != std::string::npos);
  CHECK_FALSE(world.folder.holds("somebody-in-particular"));
}

TEST_CASE("Rounds: a server that is down is asked again, ever less often, and gets one message and one more") {
  World world;
  bool down = true;
  int attempts = 0;
  world.server = [&](const Route&, const Message&) {
    ++attempts;
    return down ? Outcome{Verdict::retry, "cannot be reached", {}, true} : Outcome{Verdict::delivered, "", {}, false};
  };
  world.now += 1s;
  for (std::uint64_t n = 1; n <= 20; ++n) {
    world.happens(n);
    world.run_until(world.now + 1h);
  }
  CHECK(attempts < 40);
  down = false;
  world.run_until(world.now + 2h);
  REQUIRE(world.arrived.size() == 2);
  CHECK(world.arrived[0].incidents.size() + world.arrived[1].incidents.size() == 20);
}

TEST_CASE("Rounds: a message that was refused for good holds up no other, and goes once the server takes one") {
  World world;
  bool refuses = true;
  world.server = [&](const Route&, const Message&) {
    return refuses ? Outcome{Verdict::parked, "no such user", {}, false} : Outcome{Verdict::delivered, "", {}, false};
  };
  world.now += 1s;
  world.happens(1);
  world.run_until(world.now + 2h);
  CHECK(world.rounds->outbox().status().value()[0].parked == 1);
  refuses = false;
  world.happens(2);
  world.run_until(world.now + 1min);
  CHECK(world.arrived.size() == 2);
  CHECK(world.rounds->outbox().status().value()[0].parked == 0);
}

TEST_CASE("Rounds: a test that arrives sends what was parked") {
  World world;
  bool refuses = true;
  world.server = [&](const Route&, const Message&) {
    return refuses ? Outcome{Verdict::parked, "no", {}, false} : Outcome{Verdict::delivered, "", {}, false};
  };
  world.now += 1s;
  world.happens(1);
  world.run_until(world.now + 1min);
  refuses = false;
  world.run_until(world.now + 1s);
  CHECK(world.arrived.empty());
  REQUIRE(world.rounds->try_now("mail lead@example.org"));
  world.run_until(world.now + 1s);
  REQUIRE(world.arrived.size() == 1);
  CHECK(world.arrived[0].incidents == std::vector<std::uint64_t>{1});
}

TEST_CASE("Rounds: an address that is refused holds up no other; a server that is down is not asked for each") {
  World world;
  world.all.policy.alerts.mail[0].to = {"a@example.org", "b@example.org", "c@example.org"};
  REQUIRE(world.rounds->use(world.all));
  int attempts = 0;
  world.server = [&](const Route& route, const Message&) {
    ++attempts;
    return route.to == "a@example.org" ? Outcome{Verdict::parked, "no", {}, false}
                                       : Outcome{Verdict::delivered, "", {}, false};
  };
  world.now += 1s;
  world.happens(1);
  world.run_until(world.now + 1min);
  CHECK(world.arrived.size() == 2);
  world.server = [&](const Route&, const Message&) {
    ++attempts;
    return Outcome{Verdict::retry, "cannot be reached", {}, true};
  };
  world.now += 2h;
  world.happens(2);
  attempts = 0;
  world.run_until(world.now + 2s);
  CHECK(attempts == 1);
}

TEST_CASE("Rounds: killed before or after any attempt, nothing is lost, and only the gap behind the answer doubles") {
  World world;
  int step = 0;
  world.server = [&](const Route&, const Message& message) -> Outcome {
    ++step;
    if (step % 3 == 1) throw Killed{};  // before the server had it
    if (step % 3 == 2) {                // between the server's answer and our note of it
      world.arrived.push_back(message);
      throw Killed{};
    }
    return {Verdict::delivered, "", {}, false};
  };
  for (std::uint64_t n = 1; n <= 20; ++n) {
    world.now += 1h;
    world.happens(n);
    for (bool killed = true; killed;) {
      try {
        killed = false;
        world.run_until(world.now + 1min);
      } catch (const Killed&) {
        killed = true;
        world.start();
      }
    }
  }
  std::map<std::uint64_t, std::set<std::string>> keys;
  std::map<std::string, int> copies;
  for (const Message& message : world.arrived) {
    ++copies[message.key];
    for (const auto number : message.incidents) keys[number].insert(message.key);
  }
  CHECK(keys.size() == 20);
  for (const auto& [number, all] : keys) CHECK(all.size() == 1);  // whoever folds by the key is told once
  for (const auto& [key, count] : copies) CHECK(count <= 2);
}
