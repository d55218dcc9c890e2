#pragma once
// What a change to the files would let through that a serious category stopped before: for changes that must not hold
// by one person's word alone. Errs on the side of telling. Reads both rulesets once: a second a million names; never on
// the event loop. Pure; any thread.

#include <string>
#include <vector>

#include "rules/policy/rules.hpp"

namespace fairlead::rules::policy {

/// One thing that is let through, in a sentence without a person in it.
struct Loosened {
  std::string category;  // its id; empty: more than one
  std::string what;
};

/// Serious are the categories that are, in the files before, of the severity that their policy.yaml names under
/// `loosening`. Looks at rules that are gone, more that is left alone, weaker actions, people in weaker groups,
/// exceptions and protected services that reach into such a category, less that is recorded, and settings without which
/// its rules see less. Lists count as they are compiled into both.
///
/// now      for exceptions that have ended.
/// Returns  in the order in which people would tell it; empty when nothing is looser; at most 50.
[[nodiscard]] std::vector<Loosened> loosened(const Rules& before, const Rules& after, std::chrono::sys_seconds now);

}  // namespace fairlead::rules::policy
