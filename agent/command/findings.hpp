#pragma once
// What a self-check says of one way round the filter, and how it passes between the agent, the command and its child.
// Plain data; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fairlead::agent::command {

struct Finding {
  enum class State : std::uint8_t { closed, open, not_covered } state = State::not_covered;
  std::string way, what, because;
};
using Findings = std::vector<Finding>;

[[nodiscard]] std::string_view to_string(Finding::State state);

/// Closed or open.
[[nodiscard]] Finding told(bool closed, std::string way, std::string what, std::string_view if_closed,
                           std::string_view if_open);

[[nodiscard]] nlohmann::json to_json(const Findings& findings);
/// Rows that are none are left out.
[[nodiscard]] Findings findings_from(const nlohmann::json& rows);

/// "quic: HTTP/3, which no proxy sees" for each way that is open; each once.
[[nodiscard]] std::vector<std::string> open_ways(const Findings& findings);

}  // namespace fairlead::agent::command
