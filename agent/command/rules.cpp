#include "agent/command/rules.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "agent/command/folders.hpp"
#include "agent/command/replay.hpp"
#include "rules/catalog/lint.hpp"
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

/// Builds the rules as the agent would, with every in-file test; with `lint`, looks for what is hardly meant as well.
int run_rules(const std::filesystem::path& config, bool lint) {
  rules::policy::LoadedRules loaded = rules::policy::load_rules(config);
  std::vector<Problem> problems = std::move(loaded.problems);
  if (lint && loaded.rules) {
    std::vector<Problem> more = rules::catalog::lint(loaded.rules->catalog());
    problems.insert(problems.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  const std::size_t errors = count(problems, Problem::Kind::error), warnings = count(problems, Problem::Kind::warning);
  for (const Problem& problem : problems) {
    if (lint || problem.kind == Problem::Kind::error) std::cout << to_string(problem) << "\n";
  }
  if (loaded.rules) {
    const auto& catalog = loaded.rules->catalog();
    std::cout << catalog.categories.size() << " categories, " << tests_in(catalog) << " tests passed, ";
  }
  std::cout << errors << " errors, " << warnings << " warnings\n";
  return errors > 0 || !loaded.rules ? 1 : 0;
}

}  // namespace

void add_rules_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("rules", "Test the category and policy files before they come into force");
  command->require_subcommand(1);
  auto config = std::make_shared<std::filesystem::path>(default_config_folder());
  const auto add = [&](const char* name, const char* says, bool lint) {
    CLI::App* part = command->add_subcommand(name, says);
    part->add_option("--config", *config, "Folder with policy.yaml and the categories")->capture_default_str();
    part->callback([config, lint, &exit_code] { exit_code = run_rules(*config, lint); });
  };
  add("test", "Load the files and run every test in them", false);
  add("lint", "The same, and warn of rules that are hardly meant", true);
  add_replay_command(*command, exit_code);
}

}  // namespace fairlead::agent::command
