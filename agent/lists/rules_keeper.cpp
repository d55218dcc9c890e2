#include "agent/lists/rules_keeper.hpp"

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

bool RulesKeeper::adopt_last_good(std::chrono::sys_seconds now) {
  auto rules = open_current(rulesets_);
  if (!rules) return false;
  current_ = std::move(rules);
  since_ = now;
  return true;
}

}  // namespace fairlead::agent::lists
