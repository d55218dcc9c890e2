#pragma once
// The control socket: one JSON object a line in, one out. Only root and the account that runs the agent are heard
// (status is for everyone who can reach the socket). Event-loop thread only.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/net/services.hpp"

namespace fairlead::agent::net {

class ControlServer {
 public:
  /// Answers one request; `done` is called once, on the event loop.
  using Handler = std::function<void(nlohmann::json request, std::function<void(nlohmann::json)> done)>;

  ControlServer(Services& services, std::filesystem::path socket, Handler handler);
  ~ControlServer();
  /// Errors: denied, or refused when another agent answers on this socket.
  [[nodiscard]] Result<void> start();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The client's side, for sub-commands: sends one request and waits for the answer (blocks, 60 s at most).
/// Errors: not_found when no agent answers there, timed_out, bad_message.
[[nodiscard]] Result<nlohmann::json> ask_agent(const std::filesystem::path& socket, const nlohmann::json& request);

}  // namespace fairlead::agent::net
