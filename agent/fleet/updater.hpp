#pragma once
// The thread that asks the hub which rules this laptop shall have, four times an hour, and puts them in force in five
// steps: the manifest and its signatures; the bundle and its digest; unpacked beside the others; compiled, with every
// test in its files; and one switch. Where a step fails, what is in force stays. Everything may be called from any
// thread and waits neither for the disk nor for the network.
//
// The laptop's own clock decides nothing here but what is called stale: whether a manifest or a key is good now is
// judged by the hub's clock, and never by a moment before what has already been.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "agent/events/event.hpp"
#include "agent/fleet/hub_client.hpp"

namespace fairlead::agent::fleet {

struct UpdaterStatus {
  bool awaits_rules = false;  // of a fleet that hands out rules
  std::uint64_t version = 0;  // of the manifest in force; 0: none yet
  std::string digest;         // of its bundle
  std::chrono::sys_seconds expires{};
  bool stale = false;  // past that moment: filtering goes on by it
  std::uint64_t refused_version = 0;
  std::string refused;  // why what the hub handed out last did not come into force; no person is in it; empty: it did
  std::string trouble;  // why the hub could not be asked; empty when all is well
};

struct UpdaterOptions {
  std::filesystem::path state;
  std::function<Way()> way;  // asked before every round, on the updater's thread
  std::function<events::TimePoint()> now;
  std::chrono::sys_seconds built{};              // no moment before it is believed
  std::function<void(const std::string&)> tell;  // a line for the log; on the updater's thread
  std::function<void()> changed;                 // another bundle is in force; may wait; on the updater's thread
  std::function<void()> news;                    // the status tells the hub something new; does not wait
  std::chrono::milliseconds before_first = std::chrono::seconds(30), between = std::chrono::minutes(15);
};

class Updater {
 public:
  explicit Updater(UpdaterOptions options);
  ~Updater();
  Updater(const Updater&) = delete;
  Updater& operator=(const Updater&) = delete;

  /// The laptop joined or left a fleet.
  void try_now();
  [[nodiscard]] UpdaterStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::fleet
