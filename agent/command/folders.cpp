#include "agent/command/folders.hpp"

#include <iostream>

#include "agent/bundles/contents.hpp"
#include "agent/bundles/in_force.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

constexpr const char* kInstalledState = "/var/lib/fairlead";

std::filesystem::path first_folder(const char* near, const char* installed) {
  std::error_code unreadable;
  return std::filesystem::is_directory(near, unreadable) ? near : installed;
}

}  // namespace

std::filesystem::path default_config_folder() {
  const std::filesystem::path local = first_folder("categories", "/etc/fairlead");
  const std::filesystem::path in_force = bundles::config_in_force(local, default_state_folder());
  std::error_code unreadable;  // the state folder is closed to most accounts
  return std::filesystem::is_directory(in_force, unreadable) ? in_force : local;
}

std::filesystem::path default_state_folder() { return first_folder("state", kInstalledState); }

std::filesystem::path control_socket(const std::filesystem::path& state) {
  const bool installed = (state / "").lexically_normal() == std::filesystem::path(kInstalledState) / "";
  return installed ? "/run/fairlead/control.sock" : state / "control.sock";
}

std::filesystem::path events_folder(const std::filesystem::path& state) { return state / "events"; }

std::filesystem::path accounts_file(const std::filesystem::path& state) { return state / "accounts.db"; }

std::string accounts_place(const std::filesystem::path& state) { return "sqlite:" + accounts_file(state).string(); }

std::filesystem::path lists_folder(const std::filesystem::path& state) { return state / "lists"; }

std::filesystem::path lists_folder(const std::filesystem::path& config, const std::filesystem::path& state) {
  return bundles::lists_of(config, lists_folder(state));
}

std::filesystem::path rulesets_folder(const std::filesystem::path& state) { return state / "rulesets"; }

lists::BuiltRules load_folder(const std::filesystem::path& folder, const std::filesystem::path& state) {
  const lists::ListStore stored(lists_folder(folder, state));
  const lists::RulesetStore rulesets(rulesets_folder(state));
  lists::BuildRequest request{folder, &stored, &rulesets};
  request.keep = lists::BuildRequest::Keep::nothing;
  return lists::build_rules(request);
}

Result<rules::match::FileBytes> find_ruleset(const std::filesystem::path& what, const std::filesystem::path& state) {
  std::error_code ignored;
  std::filesystem::path file = what;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    constexpr std::size_t kShortestName = 8;
    const std::string name = what.string();
    for (std::filesystem::directory_iterator entry(rulesets_folder(state), ignored), end; !ignored && entry != end;
         entry.increment(ignored)) {
      const std::string other = entry->path().filename().string();
      if (name.size() >= kShortestName && other.starts_with(name) && other.ends_with(".rules")) file = entry->path();
    }
  }
  auto mapped = platform::map_file(file);
  if (!mapped) return tl::unexpected(std::move(mapped).error());
  return rules::match::FileBytes{mapped->bytes, std::move(mapped->owner)};
}

std::shared_ptr<const rules::policy::Rules> load_or_tell(const std::filesystem::path& what,
                                                         const std::filesystem::path& state) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(what, ignored)) {
    if (auto bytes = find_ruleset(what, state)) {
      auto opened = lists::open_ruleset(*std::move(bytes));
      if (opened) return *std::move(opened);
      std::cerr << "fairlead: " << what.string() << ": " << opened.error().context << "\n";
      return nullptr;
    }
  }
  auto built = load_folder(what, state);
  std::vector<rules::catalog::Problem> of_desk;
  if (std::filesystem::equivalent(what, bundles::config_in_force({}, state), ignored))
    built.rules = fleet::lay_over(std::move(built.rules), state, of_desk);
  for (const auto& problem : built.problems) {
    const bool of_list = problem.kind == rules::catalog::Problem::Kind::warning && problem.file == "lists.yaml";
    if (!built.rules || of_list) std::cerr << to_string(problem) << "\n";
  }
  for (const auto& problem : of_desk) std::cerr << to_string(problem) << "\n";
  if (!built.rules) std::cerr << "fairlead: the rules in " << what.string() << " cannot be loaded\n";
  return built.rules;
}

}  // namespace fairlead::agent::command
