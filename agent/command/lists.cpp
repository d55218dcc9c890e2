#include "agent/command/lists.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "agent/command/authority_files.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/events/digest.hpp"
#include "agent/command/status.hpp"
#include "agent/lists/list_updater.hpp"
#include "agent/platform/platform.hpp"
#include "rules/catalog/load.hpp"

namespace fairlead::agent::command {
namespace {

using lists::ListStore;
using lists::UpdateOutcome;
using rules::catalog::Catalog;
using rules::catalog::ListSource;

struct ListsOptions {
  std::filesystem::path config = default_config_folder(), state = default_state_folder();
  std::vector<std::string> ids;
  bool only_due = false, json = false;
};

/// Nothing, told on stderr, when the files have errors.
std::optional<Catalog> read_catalog(const std::filesystem::path& config) {
  auto loaded = rules::catalog::load_folder(config);
  if (loaded.usable()) return std::move(loaded.catalog);
  for (const auto& problem : loaded.problems) std::cerr << to_string(problem) << "\n";
  std::cerr << "fairlead: the files in " << config.string() << " cannot be read\n";
  return std::nullopt;
}

/// The lists that were asked for, all that are in use where none was named; nothing when one is unknown.
std::optional<std::vector<ListSource>> chosen(const Catalog& catalog, const std::vector<std::string>& ids) {
  if (ids.empty()) return rules::catalog::sources_in_use(catalog);
  std::vector<ListSource> out;
  for (const std::string& id : ids) {
    const auto found = std::find_if(catalog.lists.begin(), catalog.lists.end(),
                                    [&](const ListSource& source) { return source.id == id; });
    if (found == catalog.lists.end()) {
      std::cerr << "fairlead: lists.yaml names no list '" << printable(id) << "'\n";
      return std::nullopt;
    }
    out.push_back(*found);
  }
  return out;
}

lists::UpdateOptions update_options(const std::filesystem::path& state, const lists::ProxyAccess& proxy) {
  lists::UpdateOptions options;
  lists::choose_proxy(proxy, options.fetch);
  options.fetch.own_authority = authority_pem(state);
  events::fill_random(std::span(reinterpret_cast<char*>(&options.seed), sizeof options.seed));
  if (platform::errors_go_to_a_terminal()) {
    options.on_bytes = [told = std::uint64_t{0}](const std::string& id, std::uint64_t bytes) mutable {
      const std::uint64_t step = bytes >> 18U;
      if (step != told) std::cerr << "\r\x1b[K" << id << ": " << bytes / 1000 << " kB" << std::flush;
      told = step;
    };
  }
  return options;
}

int report(const std::vector<UpdateOutcome>& outcomes) {
  int code = kDone;
  for (const UpdateOutcome& outcome : outcomes) {
    if (!outcome.notice.empty()) std::cerr << outcome.id << ": " << outcome.notice << "; it was asked for anew\n";
    switch (outcome.kind) {
      case UpdateOutcome::Kind::not_modified:
        std::cout << outcome.id << ": no news\n";
        break;
      case UpdateOutcome::Kind::staged:
        std::cout << outcome.id << ": new edition, " << outcome.candidate->edition.bytes << " bytes\n";
        break;
      case UpdateOutcome::Kind::failed:
        std::cerr << outcome.id << ": failed: " << printable(outcome.error.context) << "\n";
        code = kNo;
        break;
    }
  }
  return code;
}

int run_update(const ListsOptions& options) {
  if (auto acts = platform::act_as_owner_of(options.state); !acts) return could_not(acts.error());
  platform::prepare_process();
  if (lists_folder(options.config, options.state) != lists_folder(options.state)) {
    std::cerr << "fairlead: the rules and lists of this laptop come from its fleet; nothing is fetched here\n";
    return kCouldNot;
  }
  const auto catalog = read_catalog(options.config);
  if (!catalog) return kCouldNot;
  auto sources = chosen(*catalog, options.ids);
  if (!sources) return kWrongUse;
  const auto now = std::chrono::floor<std::chrono::seconds>(platform::wall_clock());
  const auto proxy = lists::read_proxy_access(catalog->policy.network, options.config);
  if (!proxy.trouble.empty()) std::cerr << "fairlead: the upstream proxy is told no name: " << proxy.trouble << "\n";
  const auto round = lists::run_update_round(options.config, ListStore(lists_folder(options.state)),
                                             lists::RulesetStore(rulesets_folder(options.state)), *std::move(sources),
                                             options.only_due, update_options(options.state, proxy), now);
  if (!round) return could_not(round.error());
  if (platform::errors_go_to_a_terminal()) std::cerr << "\r\x1b[K";  // the line of the progress goes
  const int code = report(round->outcomes);
  if (round->any_new && reload_running_agent(options.state) != 0) return kCouldNot;
  return code;
}

int run_status(const ListsOptions& options) {
  const auto catalog = read_catalog(options.config);
  if (!catalog) return kCouldNot;
  show_lists(*catalog, options.state, options.json);
  return kDone;
}

}  // namespace

void add_lists_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ListsOptions>();
  CLI::App* command = app.add_subcommand("lists", "Fetch the lists that others publish, and say how they are");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const ListsOptions&)) {
    CLI::App* part = command->add_subcommand(name, what);
    part->add_option("--config", options->config, "Folder with lists.yaml and the categories")->capture_default_str();
    part->add_option("--state", options->state, "The agent's state folder")->capture_default_str();
    part->callback([options, run, &exit_code] { exit_code = run(*options); });
    return part;
  };
  CLI::App* updating = add("update", "Ask for new editions; verified ones come into force", run_update);
  updating->add_option("ID", options->ids, "Only these lists, in use or not (default: those that a category names)");
  updating->add_flag("--due", options->only_due, "Only those whose time has come");
  add("status", "Each list: where it is from, how many entries are in force, when it is due, what changed or is wrong",
      run_status)
      ->add_flag("--json", options->json, "As JSON");
}

}  // namespace fairlead::agent::command
