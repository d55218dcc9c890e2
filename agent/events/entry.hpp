#pragma once
// What people and the agent did about events: one line in the append-only book `entries`, chained as events are.
// Plain data.

#include <cstdint>
#include <optional>
#include <string>

#include "agent/events/event.hpp"

namespace fairlead::agent::events {

struct Entry {
  std::uint64_t sequence = 0;  // given by the store
  TimePoint time{};
  std::uint64_t incident = 0;     // 0: about none
  std::optional<TimePoint> keep;  // personal fields are erased after it; without one, with the incident's last event
  /// Public, kept for good: no person in them. kind: review, access, export, appeal, appeal_answer, task, task_answer,
  /// agreement, alert, change, erasure, sign_in, health.
  std::string kind, subject;
  /// Personal. actor: who did it; person: whom it is about; body: JSON; a name in it is a text of its own,
  /// so that it is found when the person is erased.
  std::string actor, person, body;
  bool erased = false;  // personal fields are gone, the chain still holds
};

/// Empty fields do not filter. person: whom an entry is about, or one of those whom its body names where it is about
/// several.
struct EntryFilter {
  std::optional<TimePoint> since, until;
  std::string kind, subject, actor, person;
  std::uint64_t incident = 0;
  std::size_t limit = 0;  // 0 = all
  bool newest_first = false;
};

}  // namespace fairlead::agent::events
