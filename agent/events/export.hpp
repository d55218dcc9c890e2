#pragma once
// Events as text for other programs: one JSON object, or one CSV record, an event. Field names are stable (FORMAT.md).
// Pure; usable from any thread.

#include <string>
#include <string_view>

#include "agent/events/store.hpp"

namespace fairlead::agent::events {

/// "2026-03-29T00:59:59.123Z"
[[nodiscard]] std::string utc_text(TimePoint time);

/// One line without its end. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_line(const Stored& stored);

/// RFC 4180, with CRLF. A cell that a spreadsheet would run as a formula is preceded by an apostrophe.
[[nodiscard]] std::string csv_header();
[[nodiscard]] std::string csv_record(const Stored& stored);

}  // namespace fairlead::agent::events
