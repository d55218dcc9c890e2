#pragma once
// The control socket: one JSON object a line in, one out. Everyone who can reach it may ask what is said of the agent
// and of themselves; the rest is for root and the account that runs the agent. Event-loop thread only.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "agent/net/services.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::net {

/// Who asks, as the kernel tells it.
struct Asker {
  std::optional<platform::UserId> account;
  [[nodiscard]] bool is_root() const { return account == platform::UserId{0}; }
  [[nodiscard]] bool is_trusted() const { return is_root() || account == platform::own_account(); }
};

class ControlServer {
 public:
  /// Answers one request; `done` is called once, on the event loop.
  using Handler =
      std::function<void(const nlohmann::json& request, const Asker& asker, std::function<void(nlohmann::json)> done)>;

  /// What everybody may ask: the word in "do".
  static constexpr std::string_view kForEveryone[] = {"status", "self_check"};

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
