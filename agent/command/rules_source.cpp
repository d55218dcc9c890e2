#include "agent/command/rules_source.hpp"

#include "agent/bundles/in_force.hpp"
#include "agent/command/folders.hpp"
#include "agent/fleet/desk_exceptions.hpp"

namespace fairlead::agent::command {

std::filesystem::path RulesSource::config() const { return bundles::config_in_force(local, state); }

lists::BuiltRules RulesSource::load(const lists::RulesKeeper& keeper, bool accept_loss) const {
  const std::filesystem::path folder = config();
  const bool of_fleet = folder != local;
  auto built = keeper.load_from(folder, lists::ListStore(lists_folder(folder, state)), accept_loss || of_fleet);
  built.rules = fleet::lay_over(std::move(built.rules), state, built.problems);
  return built;
}

lists::BuiltRules RulesSource::last_good(const lists::RulesKeeper& keeper) const {
  lists::BuiltRules last;
  last.rules = lists::open_current(keeper.rulesets());
  last.rules = fleet::lay_over(std::move(last.rules), state, last.problems);
  return last;
}

}  // namespace fairlead::agent::command
