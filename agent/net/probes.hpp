#pragma once
// Names that the agent gave to a self-check of this laptop, to be asked for through the proxy: each lies below a
// blocked host and was never heard before, so that whoever asks for it proves the filter and visits nothing. The block
// is answered as any other and leaves no event, lest somebody be taken for a visitor of the site. Event-loop thread
// only.

#include <chrono>
#include <string>
#include <string_view>
#include <unordered_map>

namespace fairlead::agent::net {

class Probes {
 public:
  using Clock = std::chrono::steady_clock;

  /// A new name below `host`, good for one request within a minute. Empty when very many wait already.
  [[nodiscard]] std::string name_below(std::string_view host, Clock::time_point now);
  /// Was this name given out, and not asked for yet?
  [[nodiscard]] bool take(std::string_view host, Clock::time_point now);

 private:
  std::unordered_map<std::string, Clock::time_point> until_;
};

}  // namespace fairlead::agent::net
