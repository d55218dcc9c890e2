// The only main: one executable, a sub-command for each thing that can be done.

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "agent/command/agent.hpp"
#include "agent/command/alerts.hpp"
#include "agent/command/browsers.hpp"
#include "agent/command/bundle.hpp"
#include "agent/command/ca.hpp"
#include "agent/command/check.hpp"
#include "agent/command/cover.hpp"
#include "agent/command/events.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/fleet.hpp"
#include "agent/command/hub.hpp"
#include "agent/command/lists.hpp"
#include "agent/command/live_check.hpp"
#include "agent/command/pause.hpp"
#include "agent/command/report.hpp"
#include "agent/command/rules.hpp"
#include "agent/command/self_check.hpp"
#include "agent/command/status.hpp"
#include "agent/command/user.hpp"

namespace {

int run(int argc, char** argv) {
  namespace command = fairlead::agent::command;
  CLI::App app("Fairlead: an endpoint web-content filter", "fairlead");
  app.set_version_flag("--version", "fairlead 0.1.0");
  app.require_subcommand(1);
  int exit_code = command::kDone;
  command::add_agent_command(app, exit_code);
  command::add_check_command(app, exit_code, command::ask_live);
  command::add_rules_command(app, exit_code);
  command::add_lists_command(app, exit_code);
  command::add_ca_command(app, exit_code);
  command::add_browsers_command(app, exit_code);
  command::add_cover_command(app, exit_code);
  command::add_events_command(app, exit_code);
  command::add_report_command(app, exit_code);
  command::add_user_command(app, exit_code);
  command::add_alerts_command(app, exit_code);
  command::add_self_check_command(app, exit_code);
  command::add_status_command(app, exit_code);
  command::add_reload_command(app, exit_code);
  command::add_pause_command(app, exit_code);
  command::add_fleet_command(app, exit_code);
  command::add_bundle_command(app, exit_code);
  command::add_hub_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked_for_help = error.get_exit_code() == 0;
    app.exit(error);
    return asked_for_help ? command::kDone : command::kWrongUse;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fairlead: %s\n", error.what());
  } catch (...) {
    std::fputs("fairlead: ended by something unknown\n", stderr);
  }
  return fairlead::agent::command::kCouldNot;
}
