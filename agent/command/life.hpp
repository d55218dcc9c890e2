#pragma once
// The life of the running agent beside its requests: what the clocks and the network do, when it was not there, what is
// reported about its cover, and a pause. Everything that changes is written into the book, and no person with it.
// Event-loop thread, but for look() and may_erase().

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "agent/net/services.hpp"

namespace fairlead::agent::command {

class Life {
 public:
  /// housework  a pool of one thread, for what waits for the disk; outlives this object's work on it.
  Life(net::Services& services, std::filesystem::path state, net::asio::thread_pool& housework);
  ~Life();

  /// Notes since when no agent ran, and begins to watch clocks and network. Reads and writes a small file.
  void start();
  void stop();
  /// The last word, once nothing else runs: the agent was told to end. Blocks.
  void end_orderly();

  /// {"do": "pause", "minutes": 1-60, "because": text} or {"do": "pause", "end": true}. For root.
  [[nodiscard]] nlohmann::json pause(const nlohmann::json& request);
  /// {"do": "cover", ...} as cover.hpp has it. For root and the agent's own account.
  [[nodiscard]] nlohmann::json take_cover(const nlohmann::json& request);
  /// Adds "cover" and "pause" to a status; of what IT has to look after, sentences to its "warnings".
  void tell(nlohmann::json& status) const;

  /// To be called every half minute or so, on the thread of the housework. Blocks.
  void look();
  /// Whether the wall clock may be believed. Any thread.
  [[nodiscard]] bool may_erase();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fairlead::agent::command
