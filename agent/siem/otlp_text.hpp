#pragma once
// Records as logs of OpenTelemetry in JSON (opentelemetry-proto, logs.proto; OTLP/HTTP). Pure.

#include <string>
#include <vector>

#include "agent/siem/record.hpp"

namespace fairlead::agent::siem {

/// The body of a POST to /v1/logs. Values are cut after 1,024 bytes, between characters.
[[nodiscard]] std::string otlp_body(const std::vector<Record>& records, const rules::catalog::SiemMapping& mapping,
                                    const std::string& hostname);

/// How many records an answer to it says that the receiver will never take (partialSuccess).
[[nodiscard]] std::uint64_t refused_records(const std::string& answer);

}  // namespace fairlead::agent::siem
