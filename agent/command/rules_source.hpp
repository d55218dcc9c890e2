#pragma once
// Where the rules of this laptop come from: the folder that people edit here, or the bundle of its fleet, which nobody
// edits here. Over both lie the exceptions of the organisation's desk. Blocks; any thread.

#include <filesystem>

#include "agent/lists/rules_keeper.hpp"

namespace fairlead::agent::command {

struct RulesSource {
  std::filesystem::path local;  // the folder that people edit
  std::filesystem::path state;

  /// The folder that holds now.
  [[nodiscard]] std::filesystem::path config() const;
  [[nodiscard]] bool is_fleet() const { return config() != local; }
  /// Builds what it holds now. Who signed a bundle meant what it lost.
  [[nodiscard]] lists::BuiltRules load(const lists::RulesKeeper& keeper, bool accept_loss) const;
  /// For a start at which nothing can be built: what was in force last. Without rules where there is nothing.
  [[nodiscard]] lists::BuiltRules last_good(const lists::RulesKeeper& keeper) const;
};

}  // namespace fairlead::agent::command
