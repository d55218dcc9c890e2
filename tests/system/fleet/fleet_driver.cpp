// Laptops that only record and report, with the agent's own store and sender: each a state folder below FOLDER.
//   fleet_driver fill FOLDER COUNT EVENTS                makes them, each with so many events of three days
//   fleet_driver hammer FOLDER EVENTS                    makes one whose applications ask again and again for what is
//                                                        blocked, all through the last two whole hours, beside a
//                                                        learner who says something of every thousandth event
//   fleet_driver join FOLDER HUB CODE FINGERPRINT        each joins the fleet; those that have are left as they are
//   fleet_driver send FOLDER                             each sends, and keeps in confirmed.json what the hub said last
//                                                        that it has: {"epoch", "high"}; for every line "event" that it
//                                                        reads each records one more, for "poison" one before that no
//                                                        hub takes; for "word ID" a learner says something of that
//                                                        event; at an empty line it ends with 0 if the hub has
//                                                        confirmed all that it takes
//   fleet_driver named FOLDER                            prints {"laptop": its device}

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agent/events/device.hpp"
#include "agent/events/event.hpp"
#include "agent/events/store.hpp"
#include "agent/fleet/hub_client.hpp"
#include "agent/fleet/sender.hpp"
#include "agent/platform/platform.hpp"
#include "tests/system/fleet/made_event.hpp"

namespace {

namespace fs = std::filesystem;
namespace events = fairlead::agent::events;
namespace fleet = fairlead::agent::fleet;
namespace platform = fairlead::agent::platform;
using fairlead::tests::event_of;
using namespace std::chrono_literals;

std::vector<fs::path> laptops_of(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& one : fs::directory_iterator(folder)) out.push_back(one.path());
  return out;
}

int could_not(const fairlead::Error& error) {
  std::cerr << error.context << "\n";
  return 3;
}

/// Evenly over three days.
events::TimePoint at(int number, int count) {
  return platform::wall_clock() - std::chrono::milliseconds(72h) * (count - number) / count;
}

int fill(const fs::path& folder, int count, int each) {
  for (int i = 0; i < count; ++i) {
    const fs::path state = folder / ("laptop" + std::to_string(i));
    fs::create_directories(state);
    auto store = events::Store::open(state / "events");
    if (!store) return could_not(store.error());
    for (int n = 0; n < each; ++n) (*store)->record(event_of(n, at(n, each)), nullptr);
    (*store)->flush();
  }
  return 0;
}

int say_something_of(events::Store& store, const std::string& id) {
  const auto event = store.show(id);
  if (!event) return could_not(event.error());
  std::promise<fairlead::Result<void>> said;
  const events::Report word{id, event->event.person, events::ReportKind::wrong, platform::wall_clock(), "Not me."};
  store.report(word, [&](fairlead::Result<void> done) { said.set_value(std::move(done)); });
  const auto done = said.get_future().get();
  return done ? 0 : could_not(done.error());
}

int hammer(const fs::path& folder, int count) {
  const fs::path state = folder / "laptop0";
  fs::create_directories(state);
  auto store = events::Store::open(state / "events");
  if (!store) return could_not(store.error());
  const auto begin = std::chrono::floor<std::chrono::hours>(platform::wall_clock()) - 2h;
  for (int n = 0; n < count; ++n) {
    events::Event event = event_of(n, begin + std::chrono::milliseconds(2h) * n / count, 2);
    if (n % 50 != 7) {
      const int application = n % 4;
      event.host = event.rule = event.span = "application" + std::to_string(application) + ".example";
      event.url = "https://" + event.host + "/" + std::to_string(n);
      event.category = application < 2 ? "gambling" : "violence";
      event.navigation = application == 0 ? events::Navigation::no : events::Navigation::unknown;
      event.source = "conduct/gambling.yaml:1";
    }
    const std::string id = event.id;
    (*store)->record(std::move(event), nullptr);
    if (n % 1000 != 999) continue;
    (*store)->flush();
    if (const int failed = say_something_of(**store, id); failed != 0) return failed;
  }
  (*store)->flush();
  return 0;
}

int join(const fs::path& folder, const std::string& hub, const std::string& code, const std::string& fingerprint) {
  const auto authority = fleet::fetch_authority(hub, fingerprint, {});
  if (!authority) return could_not(authority.error());
  for (const fs::path& state : laptops_of(folder)) {
    if (const auto known = fleet::read_membership(state); known && *known) continue;
    const auto device = events::Device::read(state / "events");
    if (!device) return could_not(device.error());
    const auto membership =
        fleet::enrol({hub, *authority, ""}, *device->key().private_key_pem(), code, state.filename().string(), {});
    if (!membership) return could_not(membership.error());
    if (auto kept = fleet::write_membership(state, *membership); !kept) return could_not(kept.error());
  }
  return 0;
}

int send(const fs::path& folder) {
  struct Laptop {
    fs::path state;
    std::unique_ptr<events::Store> store;
    std::unique_ptr<fleet::Sender> sender;
    std::uint64_t confirmed = 0;
  };
  std::vector<Laptop> laptops;
  for (const fs::path& state : laptops_of(folder)) {
    auto store = events::Store::open(state / "events");
    if (!store) return could_not(store.error());
    laptops.push_back({state, std::move(*store), nullptr});
    fleet::SenderOptions options;
    options.state = state;
    options.store = laptops.back().store.get();
    options.way = [] {
      fleet::Way way;
      way.total_limit = 20s;
      return way;
    };
    options.now = platform::wall_clock;
    options.tell = [](const std::string&) {};
    options.gather = 100ms;
    options.first_retry = 500ms;
    options.longest_retry = 4s;
    laptops.back().sender = std::make_unique<fleet::Sender>(std::move(options));
    laptops.back().store->when_recorded([&sender = *laptops.back().sender] { sender.wake(); });
  }
  const auto is_done = [](const Laptop& laptop) {
    laptop.store->flush();
    const auto epochs = laptop.store->epochs();
    const fleet::SenderStatus status = laptop.sender->status();
    return epochs && status.high >= epochs->back().last && status.waiting == 0;
  };
  const auto note_confirmed = [](Laptop& laptop) {
    const std::uint64_t high = laptop.sender->status().high;
    if (high == laptop.confirmed) return;
    const auto epochs = laptop.store->epochs();
    if (!epochs || epochs->empty()) return;
    const nlohmann::json note = {{"epoch", epochs->back().epoch}, {"high", high}};
    if (platform::replace_file(laptop.state / "confirmed.json", note.dump())) laptop.confirmed = high;
  };
  int recorded = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "event" || line == "poison") {
      const auto record = [&](const std::string& words) {
        events::Event event = event_of(recorded++, platform::wall_clock());
        if (!words.empty()) event.words = words;
        for (const Laptop& laptop : laptops) {
          event.id = events::new_decision_id();
          laptop.store->record(event, nullptr);
        }
      };
      if (line == "poison") record(std::string("a\0b", 3));
      record("");
    }
    if (line.rfind("word ", 0) == 0) {
      for (const Laptop& laptop : laptops) {
        if (const int failed = say_something_of(*laptop.store, line.substr(5)); failed != 0) return failed;
        laptop.sender->try_now();
      }
    }
    const bool all_done = line.empty() && std::all_of(laptops.begin(), laptops.end(), is_done);
    for (Laptop& laptop : laptops) note_confirmed(laptop);
    if (all_done) break;
  }
  for (const Laptop& laptop : laptops) laptop.store->when_recorded({});
  return 0;
}

int name(const fs::path& folder) {
  nlohmann::json out = nlohmann::json::object();
  for (const fs::path& state : laptops_of(folder)) {
    const auto device = events::Device::read(state / "events");
    if (!device) return could_not(device.error());
    out[state.filename().string()] = std::string(device->key().id());
  }
  std::cout << out.dump() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  platform::prepare_process();
  if (given.size() == 4 && given[0] == "fill") return fill(given[1], std::stoi(given[2]), std::stoi(given[3]));
  if (given.size() == 3 && given[0] == "hammer") return hammer(given[1], std::stoi(given[2]));
  if (given.size() == 5 && given[0] == "join") return join(given[1], given[2], given[3], given[4]);
  if (given.size() == 2 && given[0] == "send") return send(given[1]);
  if (given.size() == 2 && given[0] == "named") return name(given[1]);
  std::cerr << "fleet_driver: see the top of its source\n";
  return 2;
}
