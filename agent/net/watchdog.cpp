#include "agent/net/watchdog.hpp"

namespace fairlead::agent::net {

Watchdog::Watched::Watched(Watchdog& watchdog) : watchdog_(watchdog), next_(watchdog.first_) {
  if (next_ != nullptr) next_->previous_ = this;
  watchdog_.first_ = this;
  ++watchdog_.count_;
  watchdog_.schedule();
}

Watchdog::Watched::~Watched() {
  (previous_ != nullptr ? previous_->next_ : watchdog_.first_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  --watchdog_.count_;
}

void Watchdog::schedule() {
  if (ticking_ || ending_) return;
  ticking_ = true;  // only while there is something to watch: an idle agent does not wake up
  timer_.expires_after(std::chrono::seconds(1));
  timer_.async_wait([this](ErrorCode) { tick(); });
}

void Watchdog::tick() {
  ticking_ = false;
  const Clock::time_point now = Clock::now();
  for (Watched* watched = first_; watched != nullptr; watched = watched->next_) {
    bool any = false;
    for (const auto wait : {Watched::to_read, Watched::to_write}) {
      if (watched->deadlines_[wait] > now) continue;
      watched->unwatch(wait);
      watched->passed_[wait] = any = true;
    }
    if (any) watched->interrupt();
  }
  if (first_ != nullptr) schedule();
}

void Watchdog::end_all() {
  ending_ = true;
  timer_.cancel();
  for (Watched* watched = first_; watched != nullptr; watched = watched->next_) watched->interrupt();
}

}  // namespace fairlead::agent::net
