#pragma once
// The thread that tells people of incidents. It sleeps until something is recorded or a message is due. Everything may
// be called from any thread; but for test(), nothing here waits for the disk or the network.

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
  ~Alerter();

  /// The rules in force; also after a reload.
  void use(std::shared_ptr<const rules::policy::Rules> rules);
  /// Something was recorded.
  void wake();
  /// Sends a message that only tries, over every route, and says what came of each. A route that works has what waits
  /// for it tried again. Blocks for less than a minute: never on the event loop.
  using Tested = std::vector<std::pair<Route, Outcome>>;
  [[nodiscard]] Tested test();
  /// Ends attempts under way, within a second or two; the thread ends after them. Before whoever may be in test().
  void stop();
  [[nodiscard]] AlerterStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::alerts
