#pragma once
// Rules that are no longer in force end when the last request that holds them does. Millions of names take milliseconds
// to let go of, which no request should wait for: a worker does it. Event-loop thread.

#include <memory>
#include <vector>

#include "agent/net/asio.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {

class RetiredRules {
 public:
  /// Both outlive this object.
  RetiredRules(net::asio::io_context& context, net::asio::thread_pool& workers) : due_(context), workers_(workers) {}

  void take(std::shared_ptr<const rules::policy::Rules> rules);
  /// Nothing is waited for any more.
  void stop();

 private:
  void wait();

  net::Timer due_;
  net::asio::thread_pool& workers_;
  std::vector<std::shared_ptr<const rules::policy::Rules>> rules_;
  bool stopped_ = false;
};

}  // namespace fairlead::agent::command
