#pragma once
// `fairlead check URL...`: what would happen to this URL, for this person, at this time, and why. Runs the same code on
// the same rules as the proxy; with --live the running agent is asked as well, and a difference is an error.

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "rules/base/result.hpp"

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// One question to the running agent.
struct LiveQuestion {
  std::string url;
  std::string as;  // user or group; empty: an unknown person
  std::optional<std::chrono::sys_seconds> at;
  std::string state;  // the agent's state folder
};
/// Answers with the object that explain_as_json() makes. Errors: the agent cannot be reached, or refuses.
using LiveCheck = Result<nlohmann::json> (*)(const LiveQuestion& question);

/// exit_code  0 nothing is blocked, 1 something is (or the agent differs), 2 used wrongly, 3 the rules cannot be
/// loaded;
///            set when this command ran. Must outlive `app`.
void add_check_command(CLI::App& app, int& exit_code, LiveCheck live);

}  // namespace fairlead::agent::command
