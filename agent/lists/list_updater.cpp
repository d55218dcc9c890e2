#include "agent/lists/list_updater.hpp"

#include <algorithm>
#include <cstdlib>

#include "agent/lists/timetable.hpp"

namespace fairlead::agent::lists {

Result<UpdateRound> run_update_round(const std::filesystem::path& config, const ListStore& store,
                                     const RulesetStore& rulesets, std::vector<rules::catalog::ListSource> sources,
                                     bool only_due, const UpdateOptions& options, std::chrono::sys_seconds now) {
  const auto held = store.hold();
  if (!held) return tl::unexpected(held.error());
  if (only_due) {
    std::erase_if(sources, [&](const rules::catalog::ListSource& source) {
      return !is_due(store.last_check(source.id).next_due, now, source.refresh);
    });
  }
  UpdateRound round;
  round.outcomes = update_lists(sources, store, options, now);
  accept_staged(round.outcomes, store, [&](const std::vector<std::string>& staged_ids) -> Result<void> {
    BuildRequest request{config, &store, &rulesets};
    request.candidates = staged_ids;
    const BuiltRules built = build_rules(request);
    if (!built.rules) return tl::unexpected(refusal_of(built));
    return {};
  });
  round.any_new = std::any_of(round.outcomes.begin(), round.outcomes.end(),
                              [](const UpdateOutcome& outcome) { return outcome.kind == UpdateOutcome::Kind::staged; });
  return round;
}

std::string proxy_of_the_environment() {
  for (const char* name : {"https_proxy", "HTTPS_PROXY"}) {
    if (const char* value = std::getenv(name)) return upstream_proxy(value);
  }
  return "";
}

void choose_proxy(const ProxyAccess& access, FetchOptions& options) {
  options.proxy = access.proxy.is_set() ? access.url() : proxy_of_the_environment();
  options.proxy_authorization = access.authorization();
  options.proxy_except = access.except;
}

}  // namespace fairlead::agent::lists
