#include "agent/command/rules_source.hpp"

#include "agent/bundles/in_force.hpp"
#include "agent/command/folders.hpp"
#include "agent/fleet/desk_exceptions.hpp"
#include "agent/fleet/membership.hpp"

namespace fairlead::agent::command {

std::filesystem::path RulesSource::config() const { return bundles::config_in_force(local, state); }

bool RulesSource::will_be_fleet() const {
  const auto membership = fleet::read_membership(state);
  return is_fleet() || (membership && *membership && !(*membership)->rules_key.empty());
}

lists::BuiltRules RulesSource::load(const lists::RulesKeeper& keeper, bool accept_loss) const {
  const std::filesystem::path folder = config();
  const bool of_fleet = folder != local;
  auto built = keeper.load_from(folder, lists::ListStore(lists_folder(folder, state)), accept_loss || of_fleet);
  if (of_fleet) built.rules = fleet::lay_over(std::move(built.rules), state, built.problems);
  return built;
}

lists::BuiltRules RulesSource::last_good(const lists::RulesKeeper& keeper) const {
  lists::BuiltRules last;
  last.rules = lists::open_current(keeper.rulesets());
  if (is_fleet()) last.rules = fleet::lay_over(std::move(last.rules), state, last.problems);
  return last;
}

}  // namespace fairlead::agent::command
