#pragma once
// Which rules are in force: loaded aside, tested, swapped whole. A set that does not load leaves the old one in force;
// at start, when nothing loads, the built-in minimum. load() blocks and may run on any thread; the rest on the event
// loop.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "rules/policy/rules.hpp"

namespace fairlead::agent::lists {

class RulesKeeper {
 public:
  explicit RulesKeeper(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Reads, builds and tests; changes nothing. Seconds at most.
  [[nodiscard]] rules::policy::LoadedRules load() const { return rules::policy::load_rules(folder_); }

  /// Puts a loaded set in force, or keeps what is in force and remembers why. True when the new set is in force.
  bool adopt(rules::policy::LoadedRules loaded, std::chrono::sys_seconds now);

  /// Never null.
  [[nodiscard]] const std::shared_ptr<const rules::policy::Rules>& current() const { return current_; }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::chrono::sys_seconds in_force_since() const { return since_; }
  /// What the last load had to say; errors among it mean that it was refused.
  [[nodiscard]] const std::vector<rules::catalog::Problem>& last_problems() const { return problems_; }
  [[nodiscard]] bool last_load_refused() const { return refused_; }

 private:
  std::filesystem::path folder_;
  std::shared_ptr<const rules::policy::Rules> current_ = rules::policy::Rules::builtin_minimum();
  std::chrono::sys_seconds since_{};
  std::vector<rules::catalog::Problem> problems_;
  bool refused_ = true;  // until something has loaded
};

}  // namespace fairlead::agent::lists
