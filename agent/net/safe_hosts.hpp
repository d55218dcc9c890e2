#pragma once
// Whether the hosts of the search engines' safe modes can be found. Asked when a look-up has shown that there is a
// network: the first time after the start, and once a day from then on. There is no timer, so that an idle laptop is
// not woken. Event-loop thread only.

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "agent/net/asio.hpp"
#include "agent/net/resolver.hpp"
#include "agent/platform/platform.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::net {

class SafeHosts {
 public:
  using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

  /// now   the clock on the wall, which goes on while the laptop sleeps: others would never reach a day.
  SafeHosts(asio::io_context& context, Resolver& resolver, std::function<TimePoint()> now = platform::wall_clock)
      : context_(context), resolver_(resolver), now_(std::move(now)) {}

  /// A host of the world was found. Returns at once; looks the safe hosts up in the background when it is time, or when
  /// other rules are in force than the last time.
  void network_is_there(const std::shared_ptr<const rules::policy::Rules>& rules);

  /// The next look-up that shows a network asks again, whenever the last time was.
  void ask_again() { next_ = {}; }

  /// Those that could not be found the last time: searches at their engines are refused.
  [[nodiscard]] const std::set<std::string>& missing() const { return missing_; }

 private:
  Task<void> look_up(std::set<std::string> hosts);

  asio::io_context& context_;
  Resolver& resolver_;
  const std::function<TimePoint()> now_;
  std::set<std::string> missing_;
  std::string ruleset_;  // that the last look-up was for
  TimePoint next_{};
  bool under_way_ = false;
};

}  // namespace fairlead::agent::net
