#pragma once
// Reads siem.yaml of a hub: to which collector of security events new blocked attempts go, and what is told of each.
// What names a person, a laptop or a site is told only where the file says so by name. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/catalog/load.hpp"

namespace fairlead::rules::catalog {

enum class SiemField : std::uint8_t { category, risk, severity, action, group, count, person, device, host, url };
inline constexpr std::array<std::string_view, 10> kSiemFields = {"category", "risk",   "severity", "action", "group",
                                                                 "count",    "person", "device",   "host",   "url"};
[[nodiscard]] constexpr bool is_personal(SiemField field) { return field >= SiemField::person; }

/// RFC 5424 over TCP with octets counted (RFC 6587), or over TLS (RFC 5425).
struct SiemSyslog {
  std::string host;  // canonical, IPv6 without brackets
  std::uint16_t port = 0;
  bool tls = true;
  std::string ca_file;                // empty: the authorities that the system trusts
  std::string id = "fairlead@32473";  // of the structured data; the number is the organisation's own (RFC 5424, 7.2.2)
};

/// Logs of OpenTelemetry as JSON over HTTP.
struct SiemOtlp {
  std::string url;                  // canonical
  std::string ca_file, token_file;  // as they were written; empty: none
};

struct SiemMapping {
  std::optional<SiemSyslog> syslog;  // one of both
  std::optional<SiemOtlp> otlp;
  std::vector<std::pair<SiemField, std::string>> fields;  // and the receiver's name for each
};

struct LoadedSiem {
  SiemMapping mapping;            // complete only when there is no error among the problems
  std::vector<Problem> problems;  // in order
};

/// text  the bytes of the file.
/// file  how messages call it.
[[nodiscard]] LoadedSiem load_siem(std::string_view text, const std::string& file);

}  // namespace fairlead::rules::catalog
