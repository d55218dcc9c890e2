// One laptop of a fleet through a day, faster than life: it has events of its own, tells how it is and asks for rules,
// with the agent's own store, sender and updater.
//   wire_day STATE HUB CODE FINGERPRINT RULES_KEY join           makes it and joins
//   wire_day STATE HEALTH EVENTS QUARTERS MILLISECONDS           so many quarters of an hour, each so long; HEALTH is a
//   file with what it tells of itself

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "agent/events/device.hpp"
#include "agent/events/store.hpp"
#include "agent/fleet/hub_client.hpp"
#include "agent/fleet/sender.hpp"
#include "agent/fleet/updater.hpp"
#include "agent/platform/platform.hpp"
#include "tests/system/fleet/made_event.hpp"
#include "tests/system/fleet/must.hpp"

namespace {

namespace fs = std::filesystem;
namespace events = fairlead::agent::events;
namespace fleet = fairlead::agent::fleet;
namespace platform = fairlead::agent::platform;
using fairlead::tests::give_up;
using fairlead::tests::must;
using std::chrono::milliseconds;

int join(const std::vector<std::string>& given) {
  const fs::path state = given[0];
  fs::create_directories(state);
  must(events::Store::open(state / "events"));
  const auto device = must(events::Device::read(state / "events"));
  const std::string authority = must(fleet::fetch_authority(given[1], given[3], {}));
  auto membership =
      must(fleet::enrol({given[1], authority, ""}, must(device.key().private_key_pem()), given[2], "laptop", {}));
  membership.rules_key = given[4];
  if (auto kept = fleet::write_membership(state, membership); !kept) give_up(kept.error().context);
  return 0;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

int live(const std::vector<std::string>& given) {
  const fs::path state = given[0];
  const std::string health = text_of(given[1]);
  const int count = std::stoi(given[2]), quarters = std::stoi(given[3]);
  const milliseconds quarter(std::stoi(given[4]));
  const auto store = must(events::Store::open(state / "events"));
  fleet::SenderOptions sending;
  sending.state = state;
  sending.store = store.get();
  sending.way = [] { return fleet::Way(); };
  sending.now = platform::wall_clock;
  sending.tell = [](const std::string& line) { std::cerr << line << "\n"; };
  sending.health = [&health] { return health; };
  sending.gather = quarter / 180;  // 5 s of a quarter of an hour
  sending.look = quarter;
  sending.ask_anew = 4 * quarter;
  fleet::Sender sender(std::move(sending));
  store->when_recorded([&sender] { sender.wake(); });
  fleet::UpdaterOptions updating;
  updating.state = state;
  updating.way = [] { return fleet::Way(); };
  updating.now = platform::wall_clock;
  updating.tell = [](const std::string& line) { std::cerr << line << "\n"; };
  updating.changed = [] {};
  updating.news = [&sender] { sender.try_now(); };
  updating.before_first = updating.between = quarter;
  const fleet::Updater updater(std::move(updating));
  std::mt19937_64 random(40);
  std::vector<milliseconds> moments(static_cast<std::size_t>(count));
  std::uniform_int_distribution<std::int64_t> any(0, (quarters * quarter).count());
  for (milliseconds& moment : moments) moment = milliseconds(any(random));
  std::sort(moments.begin(), moments.end());
  std::mutex mutex;
  std::condition_variable never;  // nobody tells it: it is waited for until it is time
  std::unique_lock lock(mutex);
  const auto begin = std::chrono::steady_clock::now();
  for (int number = 0; const milliseconds moment : moments) {
    never.wait_until(lock, begin + moment, [] { return false; });
    store->record(fairlead::tests::event_of(number++, platform::wall_clock()), nullptr);
  }
  never.wait_until(lock, begin + quarters * quarter, [] { return false; });
  store->flush();
  const auto epochs = must(store->epochs());
  const std::uint64_t last = epochs.empty() ? 0 : epochs.back().last;
  while (sender.status().high < last) never.wait_for(lock, milliseconds(50));
  store->when_recorded({});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  platform::prepare_process();
  if (given.size() == 6 && given[5] == "join") return join(given);
  if (given.size() == 5) return live(given);
  std::cerr << "wire_day: see the top of its source\n";
  return 2;
}
