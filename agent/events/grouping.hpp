#pragma once
// Which incident an event belongs to, and what an incident then says. Pure: the store looks up what is needed, and
// verify() folds the same events again and must come to the same rows.
//
// Time is counted as the device lived it: the sum of the clock's steps forward from event to event. A clock that is set
// back stands still for a while, one that was wrong for a time opens one gap and no more.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/event.hpp"
#include "agent/events/incident.hpp"

namespace fairlead::agent::events {

/// Milliseconds that the device has lived through since the first event of the store.
using Lived = std::chrono::milliseconds;

inline constexpr auto kRepeatWithin = std::chrono::days(7);
inline constexpr auto kEscalationWithin = std::chrono::minutes(30);
inline constexpr auto kNoiseWithin = std::chrono::minutes(2);
/// Browsers repeat a refused CONNECT by themselves a third of a second later.
inline constexpr auto kSecondTryWithin = std::chrono::seconds(2);
/// What is not known to be a visit and follows one to another host is taken for a part of its page.
inline constexpr auto kPageWithin = std::chrono::seconds(5);
inline constexpr std::uint64_t kSeveralHosts = 3;
inline constexpr std::uint64_t kRepeatDays = 3;
inline constexpr std::size_t kEscalationCategories = 3;
inline constexpr std::size_t kLongestPath = 20;

/// The clock of the device from event to event.
struct Clock {
  TimePoint time{};
  Lived lived{0};
  bool operator==(const Clock&) const = default;
  /// Moves on to the next event; `first`: there was none before it.
  void move(TimePoint next, bool first);
};

/// What grouping looks at of an event. The views are the caller's. A host is known by its number alone.
struct Seen {
  std::uint64_t sequence = 0;
  TimePoint time{};
  Lived lived{0};
  Navigation navigation = Navigation::unknown;
  std::string_view group, category, risk, severity, review;
  std::uint64_t person = 0, host = 0;  // 0: not known
  bool erased = false;
};

/// What was decided when the event came; sealed with it, because an erased event cannot be judged again.
struct Place {
  std::uint64_t incident = 0;  // 0 from choose(): a new one
  bool visit = false;          // a person went there
  bool new_host = false;       // of a background incident
  bool known = false;          // whose doing it was, is known
  [[nodiscard]] std::uint64_t marks() const;
};
[[nodiscard]] Place place_from(std::uint64_t incident, std::uint64_t marks);

/// An incident while it grows.
struct Course {
  Incident incident;                    // without device, names of person and host
  std::string gravest;                  // severity of its category, before the pattern is weighed
  std::optional<std::uint64_t> person;  // none: erased
  std::uint64_t hosts = 0;              // of page noise, counted up to kSeveralHosts
  std::uint64_t unerased = 0;           // events
  std::uint64_t visit = 0;              // sequence of the latest visit
  std::uint64_t visit_host = 0;
  Lived visited{0};  // at the latest visit
  std::int64_t visit_day = 0;
  TimePoint began{};  // at its first event
  Lived began_at{0}, reached{0};
};

/// Malformed requests and inspections that were passed by are about no person's doing.
[[nodiscard]] bool makes_incident(Kind kind);

/// open     incidents that are open and of this person (of this group and category where the person is not known),
///          the one that was reached last first.
/// Returns  where it belongs; `new_host` is left false.
[[nodiscard]] Place choose(std::span<const Course> open, const Seen& seen);

/// Adds the event. For the first one `course` holds nothing but its number.
void fold(Course& course, const Seen& seen, const Place& place);

}  // namespace fairlead::agent::events
