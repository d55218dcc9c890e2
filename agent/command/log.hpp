#pragma once
// Diagnostics of the running agent: one line an entry on standard error, no personal data. Any thread.

#include <string_view>

namespace fairlead::agent::command {

enum class LogLevel { info, warning, error };

/// "2026-05-01T10:31:07Z warning rules: ..." - control bytes in `text` are shown as '?'.
void log(LogLevel level, std::string_view text);

}  // namespace fairlead::agent::command
