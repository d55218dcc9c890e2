#pragma once
// What was decided and everything needed to explain it; the learner's page, the admin's `check` and the event are all
// made from this one record. Views point into the Rules that decided: keep its shared_ptr as long as the Decision.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/match/match.hpp"

namespace fairlead::rules::policy {

using Verdict = catalog::Action;  // allow | observe | block

/// The five levels of precedence, the strongest first.
enum class Level : std::uint8_t { statutory = 1, protected_service, exception, category, group_default };
[[nodiscard]] std::string_view to_string(Level level);

using RuleKind = match::RuleKind;  // hashed_host | path | host | parent_host | pattern | search | none
using match::to_string;

/// Which address a decision is about.
enum class About : std::uint8_t {
  asked,       // the one that was asked for
  inner,       // one that it carries inside its own: a translator's page, a link wrapper
  look_alike,  // the name that its name in other letters looks like
  alias        // the name that the host stands for (CNAME)
};
[[nodiscard]] std::string_view to_string(About about);

/// One rule that spoke about the request, as winner or loser.
struct Candidate {
  Level level = Level::group_default;
  Verdict asks = Verdict::allow;                // what it asks for, for this group at this time
  const catalog::Category* category = nullptr;  // none for protected, exception and default
  RuleKind kind = RuleKind::none;
  std::string rule;          // pattern id, host, "host/path", the filter, or the hash
  std::string_view pattern;  // RE2 text, or empty
  std::string_view because;  // reason, where the file gives one
  std::string_view file;     // "conduct/gambling.yaml", or "ut1-gambling/domains"
  std::uint32_t line = 0;
  std::string span;     // the text that matched
  std::string address;  // the URL that it spoke about, where that is not the one that was asked for
};

struct Decision {
  Verdict verdict = Verdict::allow;
  Level level = Level::group_default;
  std::uint16_t group = 0;          // index into PolicyFile::groups
  std::optional<Candidate> winner;  // none: the group's default
  std::vector<Candidate> losers;    // strongest first; last those that an allow rule of their own category beat
  std::optional<std::chrono::sys_seconds> opens_at;  // a block by schedule: when it opens next
  bool undecided = false;                            // a limit was reached; blocked because it could not be cleared
  std::string words;                                 // folded search words, only where a `searches` rule won
  About about = About::asked;
  std::string address;      // the URL that decided, where that is not the one that was asked for
  bool ip_literal = false;  // blocked because an IP address stands in place of a name (policy.yaml, network)
  [[nodiscard]] const catalog::Category* category() const { return winner ? winner->category : nullptr; }
};

}  // namespace fairlead::rules::policy
