#pragma once
// Programs that trust no certificate but their own site's ("pinned"), and so can never be inspected: after some tries
// they speak to their site alone. A program is told by how it says hello, so that one that refuses our certificates
// opens nothing for the browser beside it. Bounded; forgotten when the agent ends. Event-loop thread only.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace fairlead::agent::net {

class Pinned {
 public:
  static constexpr int kTries = 3;  // within kTriesWithin
  static constexpr std::chrono::hours kTriesWithin{1}, kPassesFor{24};
  static constexpr std::size_t kMost = 256;

  /// A handshake for `host` failed after our certificate was shown. `program`: ClientHello::fingerprint.
  /// Returns  true when it was the last try: from now on passes().
  [[nodiscard]] bool refused(std::string_view host, std::uint64_t program, std::chrono::sys_seconds now);
  [[nodiscard]] bool passes(std::string_view host, std::uint64_t program, std::chrono::sys_seconds now) const;
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  using Key = std::pair<std::string, std::uint64_t>;
  struct Known {
    int tries = 0;
    std::chrono::sys_seconds since{};  // of the first try, or, when it passes, of the last
    std::list<Key>::iterator age;
  };
  std::map<Key, Known> known_;
  std::list<Key> oldest_first_;
};

}  // namespace fairlead::agent::net
