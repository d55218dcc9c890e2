#include "agent/command/agent.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/log.hpp"
#include "agent/command/running_agent.hpp"
#include "agent/platform/platform.hpp"

namespace fairlead::agent::command {
namespace {

int run_agent(const AgentOptions& options) {
  platform::prepare_process();
  const std::size_t descriptors = platform::raise_descriptor_limit();
  if (descriptors < 1024)
    log(LogLevel::warning, "only " + std::to_string(descriptors) + " descriptors: few connections at once");

  std::error_code error;
  std::filesystem::create_directories(options.state, error);
  if (error) {
    log(LogLevel::error, "cannot make the state folder " + options.state.string() + ": " + error.message());
    return kCouldNot;
  }
  RunningAgent agent(options);
  if (auto started = agent.start(); !started) {
    log(LogLevel::error, started.error().context);
    return kCouldNot;
  }
  agent.run();
  // A look-up that hangs in the system's resolver cannot be interrupted; everything of ours is done, so nobody waits
  // for it.
  if (agent.has_hanging_lookups()) std::quick_exit(0);
  return 0;
}

}  // namespace

void add_agent_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<AgentOptions>();
  CLI::App* command = app.add_subcommand("agent", "Run the filter in the foreground");
  command->add_option("--config", options->config, "Folder with policy.yaml and the categories")->capture_default_str();
  command->add_option("--state", options->state, "Folder for everything the agent writes")->capture_default_str();
  command->add_option("--listen", options->listen, "Proxy address and port; may be given twice")
      ->default_str("127.0.0.1:3128 and [::1]:3128");
  command->add_option("--console", options->console, "Address and port of the local pages")->capture_default_str();
  command->add_option("--redirected", options->redirected,
                      "A port on 127.0.0.1 and ::1 for connections that the firewall redirects to it");
  command->callback([options, &exit_code] { exit_code = run_agent(*options); });
}

}  // namespace fairlead::agent::command
