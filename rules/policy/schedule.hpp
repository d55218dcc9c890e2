#pragma once
// When a schedule is open, by the clock on the wall of the organisation's time zone. Pure; usable from any thread.
// When the clocks change, a span follows the wall: the hour that is skipped is missing, the hour that comes twice
// counts twice.

#include <chrono>
#include <optional>
#include <string_view>

#include "rules/catalog/values.hpp"

namespace date {
class time_zone;
}

namespace fairlead::rules::policy {

/// A time zone of the system's database; a small value.
class Zone {
 public:
  /// nullopt when the database does not know the name ("Europe/London").
  [[nodiscard]] static std::optional<Zone> find(std::string_view name);

  [[nodiscard]] std::chrono::seconds offset_at(std::chrono::sys_seconds moment) const;
  /// Minutes that the wall shows, as a day and minutes into it, to the moments at which it shows them: none in a
  /// skipped hour (then the moment of the change), two in a repeated one.
  struct Moments {
    std::chrono::sys_seconds first, second;
  };
  [[nodiscard]] Moments moments_of(std::chrono::sys_days wall_day, std::chrono::minutes minutes) const;
  /// The next moment at which the clocks change, strictly after `moment`.
  [[nodiscard]] std::chrono::sys_seconds next_change(std::chrono::sys_seconds moment) const;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;  // owned by the database, which lives as long as the process
};

[[nodiscard]] bool is_open(const catalog::Schedule& schedule, const Zone& zone, std::chrono::sys_seconds now);

/// The first moment from `now` on at which the schedule is open; nullopt when it is never open within eight days.
[[nodiscard]] std::optional<std::chrono::sys_seconds> next_open(const catalog::Schedule& schedule, const Zone& zone,
                                                                std::chrono::sys_seconds now);

/// The same for the first moment at which it is not open; nullopt when it is open throughout the next eight days.
[[nodiscard]] std::optional<std::chrono::sys_seconds> next_closed(const catalog::Schedule& schedule, const Zone& zone,
                                                                  std::chrono::sys_seconds now);

}  // namespace fairlead::rules::policy
