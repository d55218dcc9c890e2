#pragma once
// `fairlead fleet`: this laptop joins an organisation's fleet, or leaves it. And what the status says of it.

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "agent/fleet/sender.hpp"
#include "agent/fleet/updater.hpp"

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_fleet_command(CLI::App& app, int& exit_code);

/// Adds "fleet" to a status where this laptop belongs to one, and what IT has to look after to "warnings".
/// exceptions  what is to be said of those of the organisation's desk.
void add_fleet(nlohmann::json& status, const fleet::SenderStatus& sender, const fleet::UpdaterStatus& updater,
               const std::vector<std::string>& exceptions);

/// What the hub is told of this laptop, from its status: cover, rules, pause, what waits. No person and no address is
/// in it.
[[nodiscard]] nlohmann::json health_of(const nlohmann::json& status);

}  // namespace fairlead::agent::command
