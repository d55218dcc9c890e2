#include "agent/command/rules_diff.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/command/progress.hpp"
#include "rules/match/difference.hpp"

namespace fairlead::agent::command {
namespace {

using rules::match::CategoryDifference;

struct RulesDiffOptions {
  std::filesystem::path before, after, state = default_state_folder();
};

void show_lines(const char* sign, const char* what, const CategoryDifference::Side& side) {
  if (side.count == 0) return;
  std::cout << "  " << sign << side.count << " " << what << "\n";
  for (const std::string& example : side.first) std::cout << "      " << printable(example) << "\n";
  if (side.count > side.first.size()) std::cout << "      ...\n";
}

using Lines = std::set<std::string>;

Lines safe_search_of(const rules::policy::Rules& rules) {
  Lines lines;
  for (const auto& engine : rules.catalog().safe_search) {
    std::string to = " connects to " + engine.strict;
    if (engine.moderate != engine.strict) to += " or " + engine.moderate;
    if (!engine.parameter.empty()) to += ", with " + engine.parameter + "=" + engine.value;
    const std::string from = engine.id + ": ";
    for (const std::string& host : engine.hosts) lines.insert(std::string(from).append(host).append(to));
  }
  for (const auto& group : rules.policy().groups) {
    for (const auto& engine : rules.catalog().safe_search) {
      const auto host = rules::policy::safe_host_of(engine, group.safe_search);
      lines.insert("group " + group.id + ": " + engine.id +
                   (host.empty() ? " is not held to a safe mode" : " is held to " + std::string(host)));
    }
  }
  return lines;
}

Lines inspected_by(const rules::policy::Rules& rules) {
  Lines lines;
  if (rules.policy().inspect.search) lines.insert("search engines");
  for (const auto& rule : rules.policy().inspect.hosts) lines.insert(rule.host);
  return lines;
}

/// Prints what one has and the other has not; returns whether there is such a thing.
bool show_lines(const char* what, const Lines& before, const Lines& after) {
  if (before == after) return false;
  std::cout << what << "\n";
  const auto print = [](const char* sign, const Lines& here, const Lines& there) {
    Lines only;
    std::set_difference(here.begin(), here.end(), there.begin(), there.end(), std::inserter(only, only.end()));
    for (const std::string& line : only) std::cout << "  " << sign << " " << printable(line) << "\n";
  };
  print("-", before, after);
  print("+", after, before);
  return true;
}

int run_diff(const RulesDiffOptions& options) {
  const auto before = load_or_tell(options.before, options.state);
  const auto after = load_or_tell(options.after, options.state);
  if (!before || !after) return kCouldNot;
  const auto step = told_to_a_person();
  if (step) step("comparing");
  const auto difference = rules::match::compare(before->ruleset(), category_ids(before->catalog()), after->ruleset(),
                                                category_ids(after->catalog()));
  for (const auto& [id, sizes] : difference.lists) {
    std::cout << "list " << id << ": " << sizes.before << " -> " << sizes.after << " lines\n";
  }
  for (const auto& [id, category] : difference.categories) {
    std::cout << id << "\n";
    show_lines("+", "hosts", category.hosts_added);
    show_lines("-", "hosts", category.hosts_removed);
    show_lines("+", "paths", category.paths_added);
    show_lines("-", "paths", category.paths_removed);
    show_lines("+", "patterns", category.patterns_added);
    show_lines("-", "patterns", category.patterns_removed);
  }
  const bool search = show_lines("safe search", safe_search_of(*before), safe_search_of(*after));
  const bool inside = show_lines("read inside (inspect)", inspected_by(*before), inspected_by(*after));
  const bool none = difference.none() && !search && !inside;
  std::cout << (none ? "no rule differs\n" : "");
  return none ? kDone : kNo;
}

}  // namespace

void add_diff_command(CLI::App& rules, int& exit_code) {
  auto options = std::make_shared<RulesDiffOptions>();
  CLI::App* command = rules.add_subcommand("diff", "What one set of rules blocks that another does not");
  command->add_option("OLD", options->before, "A folder of files, or a compiled ruleset: a file, or its name")
      ->required();
  command->add_option("NEW", options->after, "The same")->required();
  command->add_option("--state", options->state, "The agent's state folder: its lists and rulesets")
      ->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run_diff(*options); });
}

}  // namespace fairlead::agent::command
