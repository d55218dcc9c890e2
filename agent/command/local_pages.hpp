#pragma once
// The local pages of a running agent: joins the console's server and pages with the event store, the rules in force and
// the person on the other end. Event-loop thread only.

#include <memory>

#include "agent/console/server.hpp"
#include "agent/net/services.hpp"

namespace fairlead::agent::command {

class LocalPages {
 public:
  LocalPages(net::Services& services, net::Tcp::endpoint endpoint);
  /// Errors: bad_host, refused (the port is taken), denied.
  [[nodiscard]] Result<void> start() { return server_.start(); }
  void stop() { server_.stop(); }

 private:
  net::Task<void> answer(console::Request request, console::Respond respond);

  net::Services& services_;
  net::Tcp::endpoint endpoint_;
  console::Server server_;
};

}  // namespace fairlead::agent::command
