#include "agent/command/findings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"

namespace fairlead::agent::command {

using events::text_in;
using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 3> kFindingStates{"closed", "open", "not covered"};

}  // namespace

std::string_view to_string(Finding::State state) { return kFindingStates[static_cast<std::size_t>(state)]; }

Finding told(bool closed, std::string way, std::string what, std::string_view if_closed, std::string_view if_open) {
  return {closed ? Finding::State::closed : Finding::State::open, std::move(way), std::move(what),
          std::string(closed ? if_closed : if_open)};
}

json to_json(const Findings& findings) {
  json rows = json::array();
  for (const Finding& finding : findings) {
    rows.push_back({{"way", finding.way},
                    {"state", to_string(finding.state)},
                    {"what", finding.what},
                    {"because", finding.because}});
  }
  return rows;
}

Findings findings_from(const json& rows) {
  Findings findings;
  if (!rows.is_array()) return findings;
  for (const json& row : rows) {
    if (!row.is_object()) continue;
    const auto state = std::find(kFindingStates.begin(), kFindingStates.end(), text_in(row, "state"));
    if (state == kFindingStates.end()) continue;
    findings.push_back({static_cast<Finding::State>(state - kFindingStates.begin()), text_in(row, "way"),
                        text_in(row, "what"), text_in(row, "because")});
  }
  return findings;
}

std::vector<std::string> open_ways(const Findings& findings) {
  std::vector<std::string> open;
  for (const Finding& finding : findings) {
    if (finding.state != Finding::State::open) continue;
    std::string line = finding.way;
    line.append(": ").append(finding.what);
    if (std::find(open.begin(), open.end(), line) == open.end()) open.push_back(std::move(line));
  }
  return open;
}

}  // namespace fairlead::agent::command
