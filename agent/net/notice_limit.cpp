#include "agent/net/notice_limit.hpp"

#include <algorithm>

namespace fairlead::agent::net {

bool NoticeLimit::take(std::string_view person, std::string_view host, Clock::time_point now) {
  std::erase_if(shown_, [&](const Shown& one) { return now - one.time >= kBetweenSame; });
  const bool too_soon = std::any_of(shown_.begin(), shown_.end(), [&](const Shown& one) {
    return one.person == person && (one.host == host || now - one.time < kBetween);
  });
  if (too_soon || shown_.size() >= kMost) return false;
  shown_.push_back({std::string(person), std::string(host), now});
  return true;
}

}  // namespace fairlead::agent::net
