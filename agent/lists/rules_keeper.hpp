#pragma once
// Which rules are in force: built aside, tested, swapped whole. A set that does not load leaves the old one in force;
// at start, when nothing new loads, the last good one, and when there is none, the built-in minimum. load() blocks and
// may run on any thread; the rest on the event loop.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "agent/lists/build_rules.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::lists {

class RulesKeeper {
 public:
  /// folder  the files that people edit; lists and rulesets lie below `state`.
  RulesKeeper(std::filesystem::path folder, const std::filesystem::path& state);

  /// Builds, proves and tests; makes the result the current ruleset on the disk, but does not put it in force.
  /// Seconds for millions of names.
  [[nodiscard]] BuiltRules load(bool accept_loss = false) const { return load_from(folder_, lists_, accept_loss); }
  /// The same from another folder, with the lists that go with it.
  [[nodiscard]] BuiltRules load_from(const std::filesystem::path& folder, const ListStore& lists,
                                     bool accept_loss) const {
    BuildRequest request{folder, &lists, &rulesets_};
    request.accept_loss = accept_loss;
    return build_rules(request);
  }

  /// Puts a built set in force, or keeps what is in force and remembers why. True when the new set is in force.
  bool adopt(BuiltRules built, std::chrono::sys_seconds now);
  /// At start, when nothing could be built: puts the last good ruleset in force, and remembers what it has to say
  /// beside why nothing could. False when there is none.
  bool adopt_last_good(BuiltRules last, std::chrono::sys_seconds now);

  /// Never null.
  [[nodiscard]] const std::shared_ptr<const rules::policy::Rules>& current() const { return current_; }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const ListStore& lists() const { return lists_; }
  [[nodiscard]] const RulesetStore& rulesets() const { return rulesets_; }
  [[nodiscard]] std::chrono::sys_seconds in_force_since() const { return since_; }
  /// What the last load had to say; errors among it mean that it was refused.
  [[nodiscard]] const std::vector<rules::catalog::Problem>& last_problems() const { return problems_; }
  [[nodiscard]] bool last_load_refused() const { return refused_; }

 private:
  std::filesystem::path folder_;
  ListStore lists_;
  RulesetStore rulesets_;
  std::shared_ptr<const rules::policy::Rules> current_ = rules::policy::Rules::builtin_minimum();
  std::chrono::sys_seconds since_{};
  std::vector<rules::catalog::Problem> problems_;
  bool refused_ = true;  // until something has loaded
};

}  // namespace fairlead::agent::lists
