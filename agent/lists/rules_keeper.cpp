#include "agent/lists/rules_keeper.hpp"

#include <algorithm>
#include <iterator>

namespace fairlead::agent::lists {

RulesKeeper::RulesKeeper(std::filesystem::path folder, const std::filesystem::path& state)
    : folder_(std::move(folder)), lists_(state / "lists"), rulesets_(state / "rulesets") {}

bool RulesKeeper::adopt(BuiltRules built, std::chrono::sys_seconds now) {
  problems_ = std::move(built.problems);
  refused_ = built.rules == nullptr;
  if (refused_) return false;
  current_ = std::move(built.rules);
  since_ = now;
  return true;
}

bool RulesKeeper::adopt_last_good(BuiltRules last, std::chrono::sys_seconds now) {
  if (!last.rules) return false;
  current_ = std::move(last.rules);
  std::move(last.problems.begin(), last.problems.end(), std::back_inserter(problems_));
  since_ = now;
  return true;
}

}  // namespace fairlead::agent::lists
