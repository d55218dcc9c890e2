#pragma once
// Which ways round the filter a set of rules closes for a group: what `fairlead self-check` asks of the files, and the
// running agent of the rules in force. Pure; any thread.

#include <chrono>
#include <cstdint>
#include <string>

#include "agent/command/findings.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::command {

/// For whom the rules are asked, and when.
struct Asked {
  const rules::policy::Rules& rules;
  std::uint16_t group;
  std::chrono::sys_seconds now;
};

/// A host of a category that is serious and blocked, so that no schedule and no small weight lets it through; all below
/// it is blocked too. Empty when there is none.
[[nodiscard]] std::string blocked_host(const Asked& asked);

/// Every way that addresses can try, and what the policy says of the others.
/// host   as blocked_host() gave it, to be hidden in other addresses.
/// Cost   some seventy decisions.
[[nodiscard]] Findings judge_ways(const Asked& asked, const std::string& host);

}  // namespace fairlead::agent::command
