#include "agent/command/folders.hpp"

#include <iostream>

namespace fairlead::agent::command {
namespace {

std::filesystem::path first_folder(const char* near, const char* installed) {
  std::error_code unreadable;
  return std::filesystem::is_directory(near, unreadable) ? near : installed;
}

}  // namespace

std::filesystem::path default_config_folder() { return first_folder("categories", "/etc/fairlead"); }

std::filesystem::path default_state_folder() { return first_folder("state", "/var/lib/fairlead"); }

std::filesystem::path events_folder(const std::filesystem::path& state) { return state / "events"; }

std::filesystem::path lists_folder(const std::filesystem::path& state) { return state / "lists"; }

std::shared_ptr<const rules::policy::Rules> load_or_tell(const std::filesystem::path& folder) {
  const auto loaded = rules::policy::load_rules(folder);
  if (loaded.rules) return loaded.rules;
  for (const auto& problem : loaded.problems) std::cerr << to_string(problem) << "\n";
  std::cerr << "fairlead: the rules in " << folder.string() << " cannot be loaded\n";
  return nullptr;
}

}  // namespace fairlead::agent::command
