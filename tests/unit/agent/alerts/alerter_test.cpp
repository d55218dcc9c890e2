// The thread itself, with a file that breaks under it. No channel here reaches a network.

#include "agent/alerts/alerter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <mutex>

#include "agent/alerts/outbox.hpp"
#include "agent/events/database.hpp"
#include "agent/platform/platform.hpp"
#include "tests/unit/agent/alerts/samples.hpp"

using namespace fairlead::agent::alerts;
using namespace fairlead::agent::alerts::sample;
using fairlead::Result;
namespace events = fairlead::agent::events;
namespace platform = fairlead::agent::platform;
namespace rules = fairlead::rules;

namespace {

std::shared_ptr<const rules::policy::Rules> rules_with(const std::string& alerts) {
  auto loaded = rules::catalog::load_texts(
      {{"contact/grooming-and-strangers.yaml",
        "category: grooming-and-strangers\ntitle: C\nrisk: contact\nseverity: low\nsays: S.\n"
        "block: {hosts: [c.example]}\ntests: {must_block: [c.example], must_allow: []}\n"},
       {"policy.yaml",
        "organisation: O\nversion: '1'\ngroups: {g: {title: G, actions: {grooming-and-strangers: block}, default: "
        "allow}}\nunknown_person: g\n" +
            alerts}});
  REQUIRE(loaded.usable());
  std::vector<rules::catalog::Problem> problems;
  return rules::policy::Rules::build(std::move(loaded.catalog), problems);
}

const char* const kChannel =
    "alerts: {channels: [{webhook: {url: 'https://hooks.example.org/', secret_file: there-is-none}}]}\n";

struct World {
  Folder folder;
  std::atomic<int> looks = 0;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> log;

  AlerterOptions options() {
    AlerterOptions made;
    made.folder = folder.path();
    made.delivery = [this] {
      DeliveryOptions delivery;
      delivery.folder = folder.path();
      return delivery;
    };
    made.feed.incidents = [this](const events::IncidentFilter&) -> Result<std::vector<events::Incident>> {
      ++looks;
      return std::vector{incident(1, "critical", platform::wall_clock())};
    };
    made.feed.events_wait = [] { return false; };
    made.feed.entries = [](const events::EntryFilter&) { return Result<std::vector<events::Entry>>(); };
    made.feed.add = [](events::Entry) -> Result<std::uint64_t> { return 1; };
    made.now = platform::wall_clock;
    made.tell = [this](const std::string& line) {
      const std::lock_guard lock(mutex);
      log.push_back(line);
      changed.notify_all();
    };
    return made;
  }

  /// Whether the log comes to say this.
  bool tells(std::string_view words) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, [&] {
      return std::any_of(log.begin(), log.end(),
                         [&](const std::string& line) { return line.find(words) != std::string::npos; });
    });
  }
};

}  // namespace

TEST_CASE("Alerter: a file that opens and cannot be read is set aside and said, and what happened is told of again") {
  World world;
  const auto file = world.folder.path() / "alerts.db";
  std::string ignored;
  REQUIRE(Outbox::open(world.folder.path(), kMonday, ignored));
  std::uint64_t page = 0;
  {
    const auto database = events::Database::open_to_read(file);
    page = database->number("SELECT rootpage FROM sqlite_schema WHERE name = 'told'").value();
  }
  std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(static_cast<std::streamoff>((page - 1) * 4096));
  damage << std::string(4096, 'x');
  damage.close();
  Alerter alerter(world.options());
  alerter.use(rules_with(kChannel));
  alerter.wake();
  CHECK(world.tells("was damaged and set aside"));
  CHECK(world.tells("was not delivered and waits"));  // the incident went on its way: no secret is there to sign with
  CHECK(alerter.status().notice.find("alerts-set-aside-") != std::string::npos);
}

TEST_CASE("Alerter: a channel that is named after a while is told of what happens from then on") {
  World world;
  Alerter alerter(world.options());
  alerter.use(rules_with(""));
  for (int i = 0; i < 100; ++i) alerter.wake();
  alerter.use(rules_with(kChannel));
  alerter.wake();
  CHECK(world.tells("was not delivered and waits"));
}
