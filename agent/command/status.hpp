#pragma once
// `fairlead status` and `fairlead reload`: what the running agent says of itself, for IT. No personal data.

#include <chrono>
#include <filesystem>

#include <nlohmann/json_fwd.hpp>

#include "agent/net/services.hpp"

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// The agent's side: everything `status` shows, as JSON.
[[nodiscard]] nlohmann::json status_of(const net::Services& services, std::chrono::sys_seconds started);
/// What of it everybody may know: nothing that people wrote into the files, and no address of theirs.
[[nodiscard]] nlohmann::json status_for_everyone(nlohmann::json status);
/// The problems of the last load, one string each.
[[nodiscard]] nlohmann::json problems_of(const lists::RulesKeeper& keeper);

/// Asks the agent that runs on this state, if there is one, to load its rules again, and tells how that went.
/// Returns  an exit code; 0 also when no agent runs.
[[nodiscard]] int reload_running_agent(const std::filesystem::path& state);

void add_status_command(CLI::App& app, int& exit_code);
void add_reload_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
