#pragma once
// Where events lie: parted by how long they are kept and by day, so that what is past its time is dropped whole. In
// PostgreSQL each part is a table of its own, made when its first event comes; in SQLite it is a name for some rows.

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "agent/events/event.hpp"
#include "agent/hub/database.hpp"

namespace fairlead::agent::hub {

/// How long an event is kept goes by what it is: each has a period of its own (rules::catalog::Retention).
inline constexpr std::array<std::string_view, 5> kKept = {"observed", "low", "medium", "high", "critical"};
[[nodiscard]] std::size_t kept_of(const events::Event& event);

/// A laptop's clock may be wrong by years. What an event is sorted by, and how long it is kept, goes by a moment
/// between these days before the hub's clock and that clock.
inline constexpr auto kLongestPast = std::chrono::days(400);
[[nodiscard]] Now moment_of(Now time, Now now);

struct Part {
  std::size_t kept = 0;  // of kKept
  std::int64_t day = 0;
  auto operator<=>(const Part&) const = default;
};

/// The table of a part in PostgreSQL. kept: one of kKept
[[nodiscard]] std::string table_of(std::string_view kept, std::int64_t day);

class Parts {
 public:
  /// connection   outlives this.
  explicit Parts(Connection& connection) : connection_(connection) {}

  /// Makes those that are not there; in transactions of its own, so never inside of one.
  [[nodiscard]] Result<void> make(const std::set<Part>& wanted);
  /// After something went wrong: one may have been dropped meanwhile.
  void forget() { known_.clear(); }
  /// With what learners said about its events.
  /// Errors   timed_out: somebody is in the way.
  [[nodiscard]] Result<void> drop(const Part& part);

 private:
  [[nodiscard]] Result<void> make(const Part& part);
  Connection& connection_;
  std::set<Part> known_;
};

}  // namespace fairlead::agent::hub
