#pragma once
// The administrator's voice of a decision: levels, winner, losers, file and line. As JSON, for `check --json` and for
// the control socket, and as text for people. Made from the Decision alone. Pure; any thread.

#include <chrono>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "rules/policy/decision.hpp"
#include "rules/policy/rules.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::agent::command {

/// What was asked and what the rules said.
struct Judged {
  const rules::policy::Rules& rules;
  const rules::url::CanonicalUrl& url;
  const rules::policy::Decision& decision;
  std::chrono::sys_seconds at;
};

/// Keys: url, verdict, level, about, address, ip_literal, undecided, group, at, category, risk, severity, winner,
/// losers, inspected, opens_at, words, ruleset. `url` is what was asked for; `about` and `address` say which address
/// decided. Of a search engine that safe_search.yaml names: safe_search, with engine, connects_to (null: this group
/// goes without), file, line.
[[nodiscard]] nlohmann::json explain_as_json(const Judged& judged);

/// Several lines, ending in a line feed.
[[nodiscard]] std::string explain_as_text(const Judged& judged);

/// "conduct/gambling.yaml:12", or "-" where no rule decided.
[[nodiscard]] std::string source_of(const rules::policy::Decision& decision);

/// Control bytes as '?', so that what came from outside cannot move the cursor of a terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace fairlead::agent::command
