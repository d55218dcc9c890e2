#pragma once
// `fairlead status` and `fairlead reload`: what the running agent says of itself, for IT. No personal data.

#include <chrono>

#include <nlohmann/json_fwd.hpp>

#include "agent/net/services.hpp"

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// The agent's side: everything `status` shows, as JSON.
[[nodiscard]] nlohmann::json status_of(const net::Services& services, std::chrono::sys_seconds started);
/// The problems of the last load, one string each.
[[nodiscard]] nlohmann::json problems_of(const lists::RulesKeeper& keeper);

void add_status_command(CLI::App& app, int& exit_code);
void add_reload_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
