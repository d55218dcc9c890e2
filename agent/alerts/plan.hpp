#pragma once
// Which incidents somebody is told of, and when a message may go: rules, repeats, quiet hours, digests, folding,
// back-off. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "agent/alerts/alert.hpp"
#include "rules/policy/schedule.hpp"

namespace fairlead::agent::alerts {

inline constexpr std::chrono::seconds kGathering{1};  // what happens in one go is told of in one go
inline constexpr std::chrono::minutes kBetweenCritical{1};
inline constexpr std::chrono::hours kBetweenParked{1};

/// Of how long ago a route's messages still matter to the next one.
[[nodiscard]] std::chrono::minutes looking_back(const rules::catalog::Alerts& alerts);

/// nullopt for a word that is no severity.
[[nodiscard]] std::optional<Severity> severity_of(std::string_view word);

/// What is to be said of an incident now; nothing when the policy does not ask for it, when it was said already and
/// neither the severity rose nor `again_after` passed, when somebody reviewed it before it was told of, or when it is
/// erased.
/// told   what was last said of it; nothing when nothing was.
[[nodiscard]] std::optional<Item> consider(const events::Incident& incident, const std::optional<Told>& told,
                                           const rules::catalog::Catalog& catalog, TimePoint now);

/// What waits on one route.
struct Waiting {
  struct Ways {
    std::optional<TimePoint> oldest;  // when the first of them began to wait
    Severity gravest = Severity::low;
  };
  Ways at_once, daily, weekly;
  std::vector<TimePoint> sent;  // when its latest at-once messages were made, as far as looking_back() asks
  bool parked = false;          // a message was refused for good: more of them are made slowly
};

/// When the next message of a route may be made, and of what.
struct Due {
  TimePoint when{};
  AlertWay way = AlertWay::at_once;
  Severity least = Severity::low;  // in quiet hours only what is this severe
};
[[nodiscard]] std::optional<Due> next_due(const Waiting& waiting, const rules::catalog::PolicyFile& policy,
                                          const rules::policy::Zone& zone, TimePoint now);

/// How long to wait after a failed attempt: anything up to 30 s after the first, twice that after each further one, an
/// hour at most.
/// chance   0 to 1, at random.
[[nodiscard]] std::chrono::milliseconds back_off(std::uint32_t attempts, double chance);

}  // namespace fairlead::agent::alerts
