#pragma once
// GET /metrics over plain HTTP, for a Prometheus on this machine or in its private network. start() and stop() on the
// event loop's thread; the page is asked for there and must not block.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "rules/base/result.hpp"

namespace boost::asio {
class io_context;
}

namespace fairlead::agent::hub {

class MetricsServer {
 public:
  /// endpoint   "127.0.0.1:9464", "[fd00::1]:9464"; port 0 takes any free one.
  MetricsServer(boost::asio::io_context& context, std::string endpoint, std::function<std::string()> page);
  ~MetricsServer();

  /// Errors   bad_host (no address and port, or one that is neither this machine's alone nor of a private network),
  ///          refused (the port is taken), denied.
  [[nodiscard]] Result<void> start();
  void stop();
  /// 0 before start().
  [[nodiscard]] std::uint16_t port() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::hub
