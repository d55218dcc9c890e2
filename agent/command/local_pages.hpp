#pragma once
// The console of a running agent: joins the console's server and pages with the event store, the rules in force, the
// accounts and the person on the other end. Pages run on threads of their own, so that a slow one holds up no request.
// Event-loop thread only.

#include <filesystem>
#include <memory>

#include "agent/console/routes.hpp"
#include "agent/console/server.hpp"
#include "agent/net/services.hpp"

namespace fairlead::agent::command {

class LocalPages {
 public:
  /// hands  what the agent does for pages; called on the console's threads.
  LocalPages(net::Services& services, net::Tcp::endpoint endpoint, console::Hands hands);
  /// Errors: bad_host, refused (the port is taken), denied.
  [[nodiscard]] Result<void> start() { return server_.start(); }
  void stop() { server_.stop(); }

 private:
  net::Task<void> answer(console::Request request, console::Respond respond);

  net::Services& services_;
  net::Tcp::endpoint endpoint_;
  console::Hands hands_;
  console::Accounts accounts_;
  console::Sessions sessions_{database::kInMemory};  // a restart of the agent signs everybody out
  console::Router router_;
  console::Server server_;
  net::asio::thread_pool threads_;  // ends first: what runs on it uses all of the above
};

}  // namespace fairlead::agent::command
