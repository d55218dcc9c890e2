#pragma once
// "This is wrong": a learner's report on their own event asks for an answer, and so gets a line of its own in the book,
// kind `appeal`, by which answers are found without looking through all events. Blocks for the records.

#include <string_view>

#include "agent/events/records.hpp"

namespace fairlead::agent::events {

/// Begins the name of a task that was an appeal: its answer answers the appeal too, and nobody else's.
inline constexpr std::string_view kPassedOn = "appeal ";

/// Opens the appeal on an event; once, however often the button was pressed. The line is as personal as the event, and
/// is erased with its incident; an event that is in none (malformed, passed through) opens none. Its body names rule,
/// address, category and group, and not the learner's words: those stay with the report. subject  the event's id.
/// Errors   not_found: no such event; those of the records.
[[nodiscard]] Result<void> open_appeal(Records& records, std::string_view event_id, TimePoint now);

}  // namespace fairlead::agent::events
