#pragma once
// The thread that hands the store's rows to the hub: events, then learners' words, then what was done; the oldest
// first, until the hub says that it has them on its disk. What the hub has, the hub tells; nothing is remembered here
// but when to try again. Each quarter of an hour it also tells how the laptop is, and hears what the organisation's
// desk decided. Everything may be called from any thread and waits neither for the disk nor for the network.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "agent/events/store.hpp"
#include "agent/exchange/notice.hpp"
#include "agent/fleet/hub_client.hpp"

namespace fairlead::agent::fleet {

struct SenderStatus {
  bool member = false;  // of a fleet
  std::string hub;
  std::uint64_t waiting = 0;      // rows that the hub had not confirmed when it last answered
  std::uint64_t high = 0;         // the latest event that it has confirmed
  std::uint64_t parked = 0;       // that it does not take, each for a reason in the log
  std::string trouble;            // why nothing can be sent; empty when all is well
  events::TimePoint confirmed{};  // when the hub last answered
};

struct SenderOptions {
  std::filesystem::path state;
  events::Store* store = nullptr;  // outlives the sender
  std::function<Way()> way;        // asked before every round, on the sender's thread
  std::function<events::TimePoint()> now;
  std::function<void(const std::string&)> tell;  // a line for the log; on the sender's thread
  /// JSON of how this laptop is, without a person; may wait; empty: not now, or none.
  std::function<std::string()> health;
  /// As NoticesOptions::except.
  std::function<Result<void>(const exchange::ExceptionSet&)> except;
  std::chrono::milliseconds gather =
      std::chrono::seconds(5);                                // events come in bursts: one message is cheaper than five
  std::chrono::milliseconds look = std::chrono::minutes(15);  // tells how it is, without any event
  std::chrono::milliseconds ask_anew = std::chrono::hours(1);  // whether the hub still has all
  std::chrono::milliseconds first_retry = std::chrono::seconds(30), longest_retry = std::chrono::hours(1);
};

class Sender {
 public:
  explicit Sender(SenderOptions options);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// Something was recorded.
  void wake();
  /// The laptop joined a fleet, or has something to tell of itself: whatever was waited for, now is another time.
  void try_now();
  [[nodiscard]] SenderStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::fleet
