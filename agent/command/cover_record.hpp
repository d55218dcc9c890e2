#pragma once
// What was reported about the cover of this laptop: by the self-check that a timer runs, and by whoever keeps the
// firewall. Knows no more than it is told; what changed becomes entries of the book, without a person in them. Pure.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/command/clocks.hpp"
#include "agent/events/entry.hpp"
#include "rules/base/result.hpp"

namespace fairlead::agent::command {

/// Entries of kind `health` are kept as long as changes of the rules.
[[nodiscard]] events::Entry health_entry(std::string subject, const nlohmann::json& body, WallTime now);

/// One part: "ways" (round the filter), "firewall".
struct CoverReport {
  std::string part, state;
  std::vector<std::string> what;  // is open; in words
};

/// Reads {"part": ..., "state": "in_force" | "open" | "was_gone" | another word for what is missing, "what": [...]}.
/// Errors   bad_message
[[nodiscard]] Result<CoverReport> read_cover_report(const nlohmann::json& request);

class Cover {
 public:
  /// Takes up what the book says of the time before this start: cover that was lost then is not lost again.
  /// newest_first   entries of kind `health`.
  void recall(const std::vector<events::Entry>& newest_first);

  /// What changed by it, as entries: cover_lost and cover_restored. Of a part that was gone and is back, both.
  [[nodiscard]] std::vector<events::Entry> take(const CoverReport& report, const platform::Clocks& now);

  /// What was reported is of before a sleep: not known any more, until the next report.
  void make_stale() { fresh_until_ = {}; }

  /// {"state": "covered" | "open" | "unknown", "reported": ms since 1970 or null, "lost": ms or null,
  ///  "open": ["firewall: gone", ...]}. "open" until it is restored, "unknown" without a report of the ways since a
  ///  quarter of an hour.
  [[nodiscard]] nlohmann::json told(const platform::Clocks& now) const;

 private:
  struct Part {
    std::vector<std::string> open;
    WallTime lost{};
  };
  std::map<std::string, Part, std::less<>> parts_;
  std::optional<WallTime> reported_;
  std::chrono::milliseconds fresh_until_{};  // since boot; only of the ways: nothing else is asked for regularly
};

}  // namespace fairlead::agent::command
