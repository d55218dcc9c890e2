#include "agent/net/pinned.hpp"

#include <iterator>

namespace fairlead::agent::net {

bool Pinned::refused(std::string_view host, std::uint64_t program, std::chrono::sys_seconds now) {
  const Key key(host, program);
  auto found = known_.find(key);
  if (found == known_.end()) {
    if (known_.size() >= kMost) {
      known_.erase(oldest_first_.front());
      oldest_first_.pop_front();
    }
    oldest_first_.push_back(key);
    found = known_.emplace(key, Known{0, now, std::prev(oldest_first_.end())}).first;
  }
  Known& known = found->second;
  const auto lasts = known.tries >= kTries ? kPassesFor : kTriesWithin;
  if (now - known.since >= lasts || now < known.since) {
    known.tries = 0;
    known.since = now;
  }
  if (++known.tries < kTries) return false;
  known.since = now;
  return known.tries == kTries;
}

bool Pinned::passes(std::string_view host, std::uint64_t program, std::chrono::sys_seconds now) const {
  const auto found = known_.find(Key(host, program));
  if (found == known_.end() || found->second.tries < kTries) return false;
  return now >= found->second.since && now - found->second.since < kPassesFor;
}

}  // namespace fairlead::agent::net
