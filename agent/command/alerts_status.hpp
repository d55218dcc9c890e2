#pragma once
// What `fairlead status` and `fairlead alerts` say of alerts: values in, JSON and lines out.

#include <string>

#include <nlohmann/json.hpp>

#include "agent/alerts/alerter.hpp"

namespace fairlead::agent::command {

/// Adds "alerts", and what IT has to look after to "warnings". No person and no incident is in it.
void add_alerts(nlohmann::json& status, const alerts::AlerterStatus& alerts);

/// The line of `fairlead status`, for what add_alerts() made.
[[nodiscard]] std::string text_of_alerts(const nlohmann::json& alerts);

/// The answer to `fairlead alerts test`.
[[nodiscard]] nlohmann::json json_of_test(const alerts::Alerter::Tested& tested);

}  // namespace fairlead::agent::command
