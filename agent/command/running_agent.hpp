#pragma once
// The running filter: rules, event store, proxy, local pages, control socket, and what happens on signals and file
// changes. start() and run() on the main thread, which becomes the event loop.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "rules/base/result.hpp"

namespace fairlead::agent::command {

struct AgentOptions {
  std::filesystem::path config = "/etc/fairlead";
  std::filesystem::path state = "/var/lib/fairlead";
  std::vector<std::string> listen;  // empty: 127.0.0.1:3128 and, where there is IPv6, [::1]:3128
  std::string console = "127.0.0.1:3129";
  std::uint16_t redirected = 0;  // the port, on 127.0.0.1 and ::1, to which the firewall redirects; 0: none
};

class RunningAgent {
 public:
  explicit RunningAgent(AgentOptions options);
  ~RunningAgent();

  /// Loads the rules, opens the store, binds every address. Errors: what could not be bound and why.
  [[nodiscard]] Result<void> start();
  /// Serves until SIGINT or SIGTERM; everything recorded is on disk when it returns.
  void run();
  [[nodiscard]] bool has_hanging_lookups() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::command
