#include "agent/siem/otlp_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "agent/siem/value_text.hpp"

namespace fairlead::agent::siem {
namespace {

using nlohmann::json;
using rules::catalog::SiemField;

/// SeverityNumber of the log data model: INFO, INFO2, WARN, ERROR.
int severity_of(const std::string& severity) {
  constexpr std::array<std::pair<std::string_view, int>, 3> kKnown = {{{"medium", 10}, {"high", 13}, {"critical", 17}}};
  const auto* found =
      std::find_if(kKnown.begin(), kKnown.end(), [&](const auto& one) { return one.first == severity; });
  return found == kKnown.end() ? 9 : found->second;
}

json attribute(std::string_view name, std::string_view value) {
  return {{"key", name}, {"value", {{"stringValue", value}}}};
}

/// 64-bit numbers are texts in Protobuf's JSON.
std::string nanoseconds(events::TimePoint time) {
  return std::to_string(std::chrono::nanoseconds(time.time_since_epoch()).count());
}

}  // namespace

std::string otlp_body(const std::vector<Record>& records, const rules::catalog::SiemMapping& mapping,
                      const std::string& hostname) {
  json logs = json::array();
  for (const Record& record : records) {
    json attributes = json::array({attribute("log.record.uid", record.id)});
    for (const auto& [field, name] : mapping.fields) attributes.push_back(attribute(name, cut(record.at(field))));
    logs.push_back({{"timeUnixNano", nanoseconds(record.time)},
                    {"observedTimeUnixNano", nanoseconds(record.taken)},
                    {"severityNumber", severity_of(record.at(SiemField::severity))},
                    {"body", {{"stringValue", "blocked"}}},
                    {"attributes", std::move(attributes)}});
  }
  const json resource = {
      {"attributes", json::array({attribute("service.name", "fairlead-hub"), attribute("host.name", hostname)})}};
  const json scope = {{"scope", {{"name", "fairlead.hub"}}}, {"logRecords", std::move(logs)}};
  const json whole = {
      {"resourceLogs", json::array({json{{"resource", resource}, {"scopeLogs", json::array({scope})}}})}};
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::uint64_t refused_records(const std::string& answer) {
  const json parsed = json::parse(answer, nullptr, false);
  const json partial = parsed.is_object() ? parsed.value("partialSuccess", json()) : json();
  const json rejected = partial.is_object() ? partial.value("rejectedLogRecords", json()) : json();
  if (rejected.is_number_unsigned()) return rejected.get<std::uint64_t>();
  std::uint64_t out = 0;
  if (rejected.is_string()) {
    const auto& text = rejected.get_ref<const std::string&>();
    std::from_chars(text.data(), text.data() + text.size(), out);
  }
  return out;
}

}  // namespace fairlead::agent::siem
