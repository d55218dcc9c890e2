#include "agent/command/desk_pool.hpp"

#include <algorithm>

namespace fairlead::agent::command {
namespace {

/// Each holds up to two connections open.
constexpr std::size_t kMostFree = 8;

}  // namespace

std::unique_ptr<hub::Desk> DeskPool::take(const hub::Scope& scope) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(free_.rbegin(), free_.rend(), [&](const auto& one) { return one->scope() == scope; });
  if (found == free_.rend()) return std::make_unique<hub::Desk>(place_, scope);
  std::unique_ptr<hub::Desk> out = std::move(*found);
  free_.erase(std::next(found).base());
  return out;
}

void DeskPool::give(std::unique_ptr<hub::Desk> desk) {
  if (!desk->knows_its_sites()) return;
  std::unique_ptr<hub::Desk> beyond;  // closed without the lock
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(desk));
  if (free_.size() <= kMostFree) return;
  beyond = std::move(free_.front());
  free_.erase(free_.begin());
}

}  // namespace fairlead::agent::command
