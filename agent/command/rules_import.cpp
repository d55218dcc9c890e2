#include "agent/command/rules_import.hpp"

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
#include "agent/lists/file_digests.hpp"
#include "rules/catalog/keys.hpp"
#include "rules/policy/lint_lists.hpp"

namespace fairlead::agent::command {
namespace {

using rules::catalog::Problem;

constexpr const char* kId = "new-list";

struct RulesImportOptions {
  std::filesystem::path file, config = default_config_folder(), state = default_state_folder();
  std::string category, format = "domains", member;
  bool dry_run = false;
};

int refuse(const std::string& why) {
  std::cerr << "fairlead: " << why << "\n";
  return kWrongUse;
}

/// What the admin writes into the files when the answer is to their liking.
void show_what_to_write(const RulesImportOptions& options) {
  std::cout << "nothing was changed. To take it in, write under 'lists' in lists.yaml\n"
            << "  " << kId << ":\n    title: ...\n    licence: ...\n    from: " << options.file.string()
            << "\n    format: " << options.format << "\n";
  if (!options.member.empty()) std::cout << "    member: " << options.member << "\n";
  std::cout << "and into the file of the category\n  lists: [" << kId << "]\n";
}

int run(const RulesImportOptions& options) {
  auto loaded = rules::catalog::load_folder(options.config);
  if (!loaded.usable()) {
    for (const Problem& problem : loaded.problems) std::cerr << to_string(problem) << "\n";
    return kCouldNot;
  }
  auto& catalog = loaded.catalog;
  const auto category = std::find_if(catalog.categories.begin(), catalog.categories.end(),
                                     [&](const auto& other) { return other.id == options.category; });
  if (category == catalog.categories.end()) return refuse("there is no category '" + options.category + "'");
  const auto format =
      std::find(rules::catalog::kListFormats.begin(), rules::catalog::kListFormats.end(), options.format);
  rules::catalog::ListSource source;
  source.id = kId;
  source.from = options.file.string();
  source.format = static_cast<rules::catalog::ListFormat>(format - rules::catalog::kListFormats.begin());
  source.member = options.member;
  catalog.lists.push_back(source);
  category->lists.emplace_back(kId);

  lists::BuiltRules built;
  auto edition = lists::sha256_of_tree(options.file);
  if (!edition) return refuse(edition.error().context);
  const std::vector<rules::match::ListInput> inputs = {{&catalog.lists.back(), options.file, *edition}};
  lists::build_in_memory(std::move(catalog), loaded.texts, inputs, told_to_a_person(), built);
  if (built.rules) {
    const auto more = rules::policy::lint_lists(*built.rules);
    built.problems.insert(built.problems.end(), more.begin(), more.end());
  }
  std::cout << describe_lists(built);
  for (const Problem& problem : built.problems) {
    const bool of_list = problem.file.starts_with(kId) || problem.kind == Problem::Kind::error;
    if (of_list) std::cout << to_string(problem) << "\n";
  }
  show_what_to_write(options);
  return built.rules ? kDone : kNo;
}

}  // namespace

void add_import_command(CLI::App& rules, int& exit_code) {
  auto options = std::make_shared<RulesImportOptions>();
  CLI::App* command = rules.add_subcommand("import", "What a list would add to a category; changes nothing");
  command->add_option("FILE", options->file, "The list: a file, a folder or an archive")->required();
  command->add_option("--category", options->category, "The category that it would feed")->required();
  command->add_option("--format", options->format, "How it is written")
      ->check(CLI::IsMember(
          std::vector<std::string>(rules::catalog::kListFormats.begin(), rules::catalog::kListFormats.end())))
      ->capture_default_str();
  command->add_option("--member", options->member, "The folder inside an archive");
  command->add_flag("--dry-run", options->dry_run, "Said for clearness: nothing is ever changed")->required();
  command->add_option("--config", options->config, "Folder with policy.yaml and the categories")->capture_default_str();
  command->add_option("--state", options->state, "The agent's state folder")->capture_default_str();
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace fairlead::agent::command
