#include "agent/command/rules.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/list_report.hpp"
#include "agent/command/progress.hpp"
#include "agent/command/replay.hpp"
#include "agent/command/rules_diff.hpp"
#include "agent/command/rules_import.hpp"
#include "agent/command/status.hpp"
#include "agent/platform/platform.hpp"
#include "rules/catalog/lint.hpp"
#include "rules/policy/lint_lists.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {
namespace {

using rules::catalog::Problem;

std::size_t count(const std::vector<Problem>& problems, Problem::Kind kind) {
  return static_cast<std::size_t>(
      std::count_if(problems.begin(), problems.end(), [&](const Problem& problem) { return problem.kind == kind; }));
}

std::size_t tests_in(const rules::catalog::Catalog& catalog) {
  std::size_t tests = 0;
  for (const auto& category : catalog.categories) tests += category.must_block.size() + category.must_allow.size();
  return tests;
}

struct RulesOptions {
  std::filesystem::path config = default_config_folder(), state = default_state_folder();
  bool accept_loss = false;
};

void count_problems(const rules::policy::Rules* rules, const std::vector<Problem>& problems) {
  if (rules != nullptr) {
    std::cout << rules->catalog().categories.size() << " categories, " << tests_in(rules->catalog())
              << " tests passed, ";
  }
  std::cout << count(problems, Problem::Kind::error) << " errors, " << count(problems, Problem::Kind::warning)
            << " warnings\n";
}

/// Builds the rules as the agent would, with every in-file test; with `lint`, looks for what is hardly meant as well.
int test_rules(const RulesOptions& options, bool lint) {
  lists::BuiltRules built = load_folder(options.config, options.state);
  std::vector<Problem>& problems = built.problems;
  if (built.rules && built.was_there) built.rules->examine(problems);  // what was built before was tested before: again
  if (lint && built.rules) {
    for (auto more : {rules::catalog::lint(built.rules->catalog()), rules::policy::lint_lists(*built.rules)}) {
      problems.insert(problems.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
  }
  for (const Problem& problem : problems) {
    if (lint || problem.kind == Problem::Kind::error) std::cout << to_string(problem) << "\n";
  }
  count_problems(built.rules.get(), problems);
  return count(problems, Problem::Kind::error) > 0 || !built.rules ? kNo : kDone;
}

/// Rulesets belong to the agent that will read them. False, and told on stderr, when that cannot be.
bool act_for_agent(const RulesOptions& options) {
  const auto acts = platform::act_as_owner_of(options.state);
  if (!acts) std::cerr << "fairlead: " << acts.error().context << "\n";
  return acts.has_value();
}

/// Makes the ruleset that the agent takes at its next start or reload, and says what became of every list.
int build(const RulesOptions& options) {
  platform::prepare_process();
  if (!act_for_agent(options)) return kCouldNot;
  const lists::ListStore stored(lists_folder(options.config, options.state));
  const lists::RulesetStore rulesets(rulesets_folder(options.state));
  lists::BuildRequest request{options.config, &stored, &rulesets};
  request.accept_loss = options.accept_loss;
  request.on_step = told_to_a_person();
  const lists::BuiltRules built = lists::build_rules(request);
  std::cout << describe_lists(built);
  for (const Problem& problem : built.problems) std::cout << to_string(problem) << "\n";
  count_problems(built.rules.get(), built.problems);
  if (!built.rules) return kNo;
  std::cout << "ruleset " << built.rules->ruleset_id() << (built.was_there ? " was there already\n" : " built\n");
  return 0;
}

int roll_back(const RulesOptions& options) {
  if (!act_for_agent(options)) return kCouldNot;
  const auto back = lists::RulesetStore(rulesets_folder(options.state)).roll_back();
  if (!back) return could_not(back.error());
  std::cout << "ruleset " << back->substr(0, 16) << " is the current one again; what was built after it is held back "
            << "until a file or list changes\n";
  return reload_running_agent(options.state);
}

}  // namespace

void add_rules_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("rules", "Test, build and compare rules before they come into force");
  command->require_subcommand(1);
  auto options = std::make_shared<RulesOptions>();
  const auto add = [&](const char* name, const char* says, auto run) {
    CLI::App* part = command->add_subcommand(name, says);
    part->add_option("--config", options->config, "Folder with policy.yaml and the categories")->capture_default_str();
    part->add_option("--state", options->state, "The agent's state folder: its lists and rulesets")
        ->capture_default_str();
    part->callback([options, run, &exit_code] { exit_code = run(*options); });
    return part;
  };
  add("test", "Load files and lists and run every test in them",
      [](const RulesOptions& o) { return test_rules(o, false); });
  add("lint", "The same, and warn of rules that are hardly meant",
      [](const RulesOptions& o) { return test_rules(o, true); });
  add("build", "Compile files and lists to the ruleset that comes into force next", build)
      ->add_flag("--accept-loss", options->accept_loss, "Also when a list has lost a fifth of its lines, or is gone");
  add("rollback", "Go back to the ruleset before", roll_back);
  add_diff_command(*command, exit_code);
  add_import_command(*command, exit_code);
  add_replay_command(*command, exit_code);
}

}  // namespace fairlead::agent::command
