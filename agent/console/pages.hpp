#pragma once
// The pages a person finds at the console's address: what was stopped for them, what is recorded about them, and why.
// Values in, answers out; the store is behind two functions. Without I/O of its own; respond() may be called from any
// thread, and blocks as long as those functions do: never on the event loop.

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "agent/console/server.hpp"
#include "agent/pages/pages.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::agent::console {

/// One of the person's own entries.
struct OwnBlock {
  std::string id;
  std::chrono::sys_seconds time{};
  std::string host, category_title, says;  // the title as in the category's file: its help is found by it
  bool reported = false;
  bool let_through = false;     // observed: noted, not stopped
  std::string because_of = {};  // another site that decided: one inside the address, an alias; or empty
  std::string answer = {};      // to the person's word on it, or to a mistake that somebody else found; or empty
};

inline constexpr std::size_t kOwnBlocksShown = 20;

/// What answers rest on.
struct Site {
  const rules::policy::Rules& rules;
  std::chrono::sys_seconds now{};
  /// The person's own latest entries, newest first; up to kOwnBlocksShown are shown. Called for /why alone.
  std::function<Result<std::vector<OwnBlock>>()> own_blocks;
  /// Stores a person's word on one of their own entries: 200, 404 (no such entry of theirs) or 503. Called with id and
  /// kind.
  std::function<int(const pages::ReportForm&)> report;
  /// Does this laptop answer for stopped HTTPS sites with a certificate of its own?
  bool answers_https = false;
};

inline constexpr std::string_view kConsoleReportPath = "/report";

/// GET / (is the filter in force), /why, /recorded; POST /report from our own pages. Else 404, or 403 for a foreign
/// post.
[[nodiscard]] pages::Answer respond(const Request& request, const Site& site);

}  // namespace fairlead::agent::console
