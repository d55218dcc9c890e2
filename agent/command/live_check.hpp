#pragma once
// `check --live`, both ends: the question over the control socket, and the running agent's answer from the rules in
// force.

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

#include "agent/command/check.hpp"
#include "agent/console/visit.hpp"
#include "agent/net/services.hpp"

namespace fairlead::agent::command {

/// The sub-command's side; blocks.
[[nodiscard]] Result<nlohmann::json> ask_live(const LiveQuestion& question);

/// The agent's side: what explain_as_json() says, or {"error": ...}.
[[nodiscard]] nlohmann::json live_check(const net::Services& services, const nlohmann::json& question);

/// What `fairlead check` says, or why the question cannot be read.
[[nodiscard]] Result<std::string> explain_question(const std::shared_ptr<const rules::policy::Rules>& rules,
                                                   const console::Question& question);

}  // namespace fairlead::agent::command
