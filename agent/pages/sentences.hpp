#pragma once
// The sentences of a page that depend on facts: when something opens again, what is recorded and for how long. Pure;
// usable from any thread. Times are told in the policy's time zone, read from the system's time zone files at first
// use.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rules/catalog/values.hpp"

namespace fairlead::agent::pages {

/// "Monday", "March".
[[nodiscard]] std::string_view weekday_name(std::chrono::sys_days day);
[[nodiscard]] std::string_view month_name(std::chrono::sys_days day);
/// "25 March"
[[nodiscard]] std::string day_and_month(std::chrono::sys_days day);
/// "25 March 2026"
[[nodiscard]] std::string full_date(std::chrono::sys_days day);

/// "today at 12:30", "tomorrow at 10:30", "on Monday at 10:30", and beyond six days "on Monday 6 April at 10:30".
/// A zone that is not known is read as UTC, and the text says so.
[[nodiscard]] std::string when_text(std::chrono::sys_seconds moment, std::chrono::sys_seconds now,
                                    std::string_view time_zone);

/// "today at 12:30", "yesterday at 17:05", "on 3 April at 09:12", "on 3 April 2025 at 09:12": for what is past.
[[nodiscard]] std::string past_text(std::chrono::sys_seconds moment, std::chrono::sys_seconds now,
                                    std::string_view time_zone);

/// A category's `says` with {next_open} filled in. Without a moment the sentence that asks for it is left out.
[[nodiscard]] std::string fill_says(std::string_view says, const std::optional<std::string>& next_open);

/// How long an event of this severity keeps its personal fields.
[[nodiscard]] std::chrono::days kept_for(const rules::catalog::Retention& retention, rules::catalog::Severity severity);

/// "R. Ames, 01632 960 001, lead@example.org": what is known; empty when nothing is.
[[nodiscard]] std::string contact_text(const rules::catalog::Contact& contact);

/// "the name of the site", "the address of the page, without anything after a question mark", …
[[nodiscard]] std::string_view recorded_text(rules::catalog::Record record);

}  // namespace fairlead::agent::pages
