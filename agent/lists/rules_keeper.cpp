#include "agent/lists/rules_keeper.hpp"

namespace fairlead::agent::lists {

bool RulesKeeper::adopt(rules::policy::LoadedRules loaded, std::chrono::sys_seconds now) {
  problems_ = std::move(loaded.problems);
  refused_ = loaded.rules == nullptr;
  if (refused_) return false;
  current_ = std::move(loaded.rules);
  since_ = now;
  return true;
}

}  // namespace fairlead::agent::lists
