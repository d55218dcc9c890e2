#include "agent/command/retired_rules.hpp"

#include <chrono>
#include <utility>

#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::chrono::milliseconds kBetween{500};

}  // namespace

void RetiredRules::take(std::shared_ptr<const rules::policy::Rules> rules) {
  rules_.push_back(std::move(rules));
  if (rules_.size() == 1) wait();
}

void RetiredRules::stop() {
  stopped_ = true;
  due_.cancel();
}

void RetiredRules::wait() {
  if (stopped_) return;  // a reload that was under way ends after everything else
  due_.expires_after(kBetween);
  due_.async_wait([this](net::ErrorCode error) {
    if (error) return;
    std::erase_if(rules_, [this](std::shared_ptr<const rules::policy::Rules>& rules) {
      const bool alone = rules.use_count() == 1;  // nobody can take it up again: only the keeper hands rules out
      if (alone) {
        net::asio::post(workers_, [ended = std::move(rules)]() mutable {
          ended.reset();
          platform::give_memory_back();
        });
      }
      return alone;
    });
    if (!rules_.empty()) wait();
  });
}

}  // namespace fairlead::agent::command
