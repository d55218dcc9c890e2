#include "agent/siem/syslog_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <utility>

#include "agent/events/export.hpp"
#include "agent/siem/value_text.hpp"

namespace fairlead::agent::siem {
namespace {

using rules::catalog::SiemField;

constexpr int kLogAudit = 13;  // RFC 5424, table 1
constexpr std::size_t kLongestHostname = 255;

/// RFC 5424, table 2.
int severity_of(const std::string& severity) {
  constexpr std::array<std::pair<std::string_view, int>, 3> kKnown = {{{"medium", 5}, {"high", 4}, {"critical", 2}}};
  const auto* found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const auto& one) { return one.first == severity; });
  return found == kKnown.end() ? 6 : found->second;
}

/// "2026-11-29T08:00:00.123Z" (RFC 5424, 6.2.3); "-" for a year that has not four digits.
std::string timestamp_of(events::TimePoint time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  if (date.year() < std::chrono::year(1) || date.year() > std::chrono::year(9999)) return "-";
  return events::utc_text(time);
}

std::string printable(const std::string& text, std::size_t most) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c > ' ' && c < '\x7f'; });
  return out.empty() ? "-" : out.substr(0, most);
}

/// PARAM-VALUE (RFC 5424, 6.3.3).
std::string escaped(const std::string& value) {
  std::string out;
  for (const char c : cut(value)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      std::array<char, 8> octal{};
      std::snprintf(octal.data(), octal.size(), "#%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += octal.data();
      continue;
    }
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    out += c;
  }
  return out;
}

void add(std::string& to, std::string_view name, const std::string& value) {
  to.append(" ").append(name).append("=\"").append(escaped(value)).append("\"");
}

}  // namespace

std::string syslog_message(const Record& record, const rules::catalog::SiemMapping& mapping,
                           const std::string& hostname) {
  std::string out = "<" + std::to_string(kLogAudit * 8 + severity_of(record.at(SiemField::severity))) + ">1 " +
                    timestamp_of(record.time) + " " + printable(hostname, kLongestHostname) +
                    " fairlead-hub - blocked [" + mapping.syslog->id;
  add(out, "id", record.id);
  for (const auto& [field, name] : mapping.fields) add(out, name, record.at(field));
  return out + "]";
}

std::string with_octets(const std::string& message) { return std::to_string(message.size()) + " " + message; }

}  // namespace fairlead::agent::siem
