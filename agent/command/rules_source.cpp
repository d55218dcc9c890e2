#include "agent/command/rules_source.hpp"

#include "agent/bundles/in_force.hpp"
#include "agent/command/folders.hpp"

namespace fairlead::agent::command {

std::filesystem::path RulesSource::config() const { return bundles::config_in_force(local, state); }

lists::BuiltRules RulesSource::load(const lists::RulesKeeper& keeper, bool accept_loss) const {
  const std::filesystem::path folder = config();
  return keeper.load_from(folder, lists::ListStore(lists_folder(folder, state)), accept_loss || folder != local);
}

}  // namespace fairlead::agent::command
