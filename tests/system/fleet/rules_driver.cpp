// Laptops that only take rules over and tell how they are, with the updating and sending code of the agent: each a
// state folder below FOLDER.
//   rules_driver join FOLDER HUB CODE FINGERPRINT KEY COUNT   makes them; each joins the fleet
//   rules_driver update FOLDER MILLISECONDS                   each asks the hub so often, until there is no more to
//   read rules_driver told FOLDER                                  prints {"laptop": [version, digest, digest of what
//   lies
//                                                             there]}; nulls where there are no rules

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agent/bundles/archive.hpp"
#include "agent/bundles/in_force.hpp"
#include "agent/events/device.hpp"
#include "agent/events/store.hpp"
#include "agent/fleet/hub_client.hpp"
#include "agent/fleet/sender.hpp"
#include "agent/fleet/updater.hpp"
#include "agent/lists/file_digests.hpp"
#include "agent/platform/platform.hpp"

namespace {

namespace fs = std::filesystem;
namespace bundles = fairlead::agent::bundles;
namespace events = fairlead::agent::events;
namespace fleet = fairlead::agent::fleet;
namespace platform = fairlead::agent::platform;
using nlohmann::json;
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

int join(const std::vector<std::string>& given) {
  const auto authority = fleet::fetch_authority(given[2], given[4], {});
  if (!authority) return could_not(authority.error());
  for (int i = 0; i < std::stoi(given[6]); ++i) {
    const fs::path state = fs::path(given[1]) / ("laptop" + std::to_string(i));
    fs::create_directories(state);
    if (const auto store = events::Store::open(state / "events"); !store) return could_not(store.error());
    const auto device = events::Device::read(state / "events");
    if (!device) return could_not(device.error());
    auto membership = fleet::enrol({given[2], *authority, ""}, *device->key().private_key_pem(), given[3],
                                   state.filename().string(), {});
    if (!membership) return could_not(membership.error());
    membership->rules_key = given[5];
    if (auto kept = fleet::write_membership(state, *membership); !kept) return could_not(kept.error());
  }
  return 0;
}

/// Ends the process, so that whoever waits for its laptops waits in vain.
[[noreturn]] void lags() {
  std::cerr << "there were news that the status did not tell yet" << std::endl;
  std::_Exit(4);
}

/// What the agent tells the hub of its rules.
std::string health_of(const fleet::UpdaterStatus& rules) {
  return json{{"started", "now"},
              {"blocked", 0},
              {"bundle",
               {{"version", rules.version},
                {"digest", rules.digest},
                {"stale", rules.stale},
                {"refused", rules.refused},
                {"refused_version", rules.refused_version}}}}
      .dump();
}

struct Laptop {
  Laptop(const fs::path& state, std::chrono::milliseconds between) {
    store = std::move(*events::Store::open(state / "events"));
    fleet::SenderOptions sending;
    sending.state = state;
    sending.store = store.get();
    sending.way = [] { return fleet::Way(); };
    sending.now = platform::wall_clock;
    sending.tell = [](const std::string&) {};
    sending.health = [this] {
      const std::lock_guard lock(mutex);
      return updater ? health_of(updater->status()) : std::string();
    };
    sending.gather = 100ms;
    sending.first_retry = 500ms;
    sending.longest_retry = 2s;
    sender = std::make_unique<fleet::Sender>(std::move(sending));
    fleet::UpdaterOptions updating;
    updating.state = state;
    updating.way = [] { return fleet::Way(); };
    updating.now = platform::wall_clock;
    updating.tell = [state](const std::string& line) { std::cerr << state.filename().string() + ": " + line + "\n"; };
    updating.changed = [] {};
    updating.news = [this, state] {
      {
        // Whoever hears the news asks for the status.
        const std::lock_guard lock(mutex);
        const auto in_force = bundles::BundleStore(state).in_force();
        if (updater && in_force && *in_force && (*in_force)->version != updater->status().version) lags();
      }
      sender->try_now();
    };
    updating.before_first = updating.between = between;
    auto made = std::make_unique<fleet::Updater>(std::move(updating));
    const std::lock_guard lock(mutex);
    updater = std::move(made);
    sender->try_now();
  }
  ~Laptop() {
    std::unique_ptr<fleet::Updater> ending;
    {
      const std::lock_guard lock(mutex);
      ending = std::move(updater);
    }
  }
  Laptop(const Laptop&) = delete;
  Laptop& operator=(const Laptop&) = delete;

  std::unique_ptr<events::Store> store;
  std::unique_ptr<fleet::Sender> sender;
  std::mutex mutex;  // of the updater: the sender's thread asks it
  std::unique_ptr<fleet::Updater> updater;
};

int update(const fs::path& folder, std::chrono::milliseconds between) {
  std::vector<std::unique_ptr<Laptop>> laptops;
  for (const fs::path& state : laptops_of(folder)) laptops.push_back(std::make_unique<Laptop>(state, between));
  for (std::string line; std::getline(std::cin, line);) continue;
  return 0;
}

/// Of the bundle that unpacks to what lies there: packed again, aside.
fairlead::Result<std::string> digest_of(const fs::path& unpacked, const fs::path& aside) {
  std::vector<bundles::Member> members;
  for (const auto& entry : fs::recursive_directory_iterator(unpacked)) {
    if (entry.is_directory() && !entry.is_symlink()) continue;
    members.push_back({entry.path().lexically_relative(unpacked).generic_string(), {}, entry.path()});
  }
  if (auto packed = bundles::write_archive(std::move(members), aside); !packed) return tl::unexpected(packed.error());
  auto digest = fairlead::agent::lists::sha256_of_file(aside);
  fs::remove(aside);
  return digest;
}

int tell(const fs::path& folder) {
  json out = json::object();
  for (const fs::path& state : laptops_of(folder)) {
    const bundles::BundleStore store(state);
    const auto in_force = store.in_force();
    if (!in_force) return could_not(in_force.error());
    json& laptop = out[state.filename().string()];
    laptop = {nullptr, nullptr, nullptr};
    if (!*in_force) continue;
    const auto digest = digest_of(store.folder_of((*in_force)->digest), state / "packed-again.tar");
    laptop = {(*in_force)->version, (*in_force)->digest, digest ? *digest : digest.error().context};
  }
  std::cout << out.dump() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  platform::prepare_process();
  if (given.size() == 7 && given[0] == "join") return join(given);
  if (given.size() == 3 && given[0] == "update")
    return update(given[1], std::chrono::milliseconds(std::stoi(given[2])));
  if (given.size() == 2 && given[0] == "told") return tell(given[1]);
  std::cerr << "rules_driver: see the top of its source\n";
  return 2;
}
