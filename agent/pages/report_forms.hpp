#pragma once
// The forms by which a person answers an entry: "I landed here by accident", "I think this is wrong", "I'm worried
// about something". They work without script; parse_report_form() reads what they send. Pure; usable from any thread.

#include <string_view>

#include "agent/pages/escape.hpp"

namespace fairlead::agent::pages {

/// id      decision id, sent along.
/// action  where to post to, on the same host.
/// The id also makes the forms' labels unique, so that a page may show several sets.
[[nodiscard]] Html report_forms(std::string_view id, std::string_view action);

}  // namespace fairlead::agent::pages
