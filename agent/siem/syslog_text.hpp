#pragma once
// Records as RFC 5424 writes them, each with its octets counted before it (RFC 6587, 3.4.1; RFC 5425, 4.3). Pure.

#include <string>

#include "agent/siem/record.hpp"

namespace fairlead::agent::siem {

/// The message alone.
///
/// hostname  of the hub; what RFC 5424 does not allow in it is left out.
/// Returns   one line: control bytes of values are written as "#" and three octal digits; '"', '\' and ']' are escaped;
///           values are cut after 1,024 bytes, between characters.
[[nodiscard]] std::string syslog_message(const Record& record, const rules::catalog::SiemMapping& mapping,
                                         const std::string& hostname);

/// "LENGTH SP MESSAGE"
[[nodiscard]] std::string with_octets(const std::string& message);

}  // namespace fairlead::agent::siem
