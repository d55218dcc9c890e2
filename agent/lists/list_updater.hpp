#pragma once
// One round of updates from the first question to rules that are ready: asks for new editions, verifies them, builds
// rules with them in the five steps, and accepts the editions whose rules hold. Blocks; one updater at a time.

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "agent/lists/build_rules.hpp"
#include "agent/lists/proxy_access.hpp"
#include "agent/lists/update.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::agent::lists {

struct UpdateRound {
  std::vector<UpdateOutcome> outcomes;
  bool any_new = false;  // a new edition was accepted: whoever runs should load rules again
};

/// config     the files that people edit. sources  those of its lists that may be asked for.
/// only_due   those whose time has come.
/// Errors     denied: another process updates, or the folders are not ours.
[[nodiscard]] Result<UpdateRound> run_update_round(const std::filesystem::path& config, const ListStore& store,
                                                   const RulesetStore& rulesets,
                                                   std::vector<rules::catalog::ListSource> sources, bool only_due,
                                                   const UpdateOptions& options, std::chrono::sys_seconds now);

/// The proxy that the environment names for downloads; empty where none is set.
[[nodiscard]] std::string proxy_of_the_environment();

/// Sends downloads through the policy's proxy; where it has none, through that of the environment.
void choose_proxy(const ProxyAccess& access, FetchOptions& options);

}  // namespace fairlead::agent::lists
