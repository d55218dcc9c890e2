#pragma once
// The thread that tells people of incidents. It sleeps until something is recorded or a message is due. use(), wake(),
// test(), try_again() and status() may be called from any thread and do not block on the disk or the network.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/alerts/delivery.hpp"
#include "agent/alerts/rounds.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::alerts {

struct AlerterStatus {
  std::vector<RouteStatus> routes;  // none: nobody is told
  std::uint64_t withdrawn = 0;      // messages whose address the policy no longer names
  std::string trouble;              // why nothing can be written down or read; empty when all is well
  std::string notice;               // what happened to alerts.db at start
};

struct AlerterOptions {
  std::filesystem::path folder;               // of alerts.db
  std::function<DeliveryOptions()> delivery;  // asked before every attempt, on the alerter's thread; without `stop`
  Feed feed;
  std::function<TimePoint()> now;
  std::function<void(const std::string&)> tell;  // a line for the log; on the alerter's thread
};

class Alerter {
 public:
  /// Starts the thread, which waits for the first use().
  explicit Alerter(AlerterOptions options);
  /// Ends an attempt under way within a second or two, and the thread.
  ~Alerter();

  /// The rules in force; also after a reload.
  void use(std::shared_ptr<const rules::policy::Rules> rules);
  /// Something was recorded.
  void wake();
  /// Sends a message that only tries, over every route; `done` is called on the alerter's thread.
  using Tested = std::vector<std::pair<Route, Outcome>>;
  void test(std::function<void(const Tested&)> done);
  [[nodiscard]] AlerterStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::alerts
