#include "agent/command/alerts.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <date/date.h>
#include <nlohmann/json.hpp>

#include "agent/alerts/outbox.hpp"
#include "agent/command/exit_code.hpp"
#include "agent/command/explain.hpp"
#include "agent/command/folders.hpp"
#include "agent/net/control.hpp"

namespace fairlead::agent::command {
namespace {

constexpr std::size_t kShown = 50;

int run_test(const std::filesystem::path& state) {
  const auto answer = net::ask_agent(control_socket(state), {{"do", "alerts_test"}});
  if (!answer || answer->contains("error"))
    return could_not(answer ? (*answer)["error"].get<std::string>() : answer.error().context);
  const auto& tested = (*answer)["tested"];
  if (tested.empty()) {
    std::cerr << "fairlead: policy.yaml names no channel under 'alerts': nobody is told of incidents\n";
    return kNo;
  }
  int code = kDone;
  for (const auto& route : tested) {
    const bool arrived = route["arrived"];
    std::cout << printable(route["route"].get<std::string>()) << ": "
              << (arrived ? "taken by the server" : "not delivered: it " + printable(route["says"].get<std::string>()))
              << "\n";
    if (!arrived) code = kNo;
  }
  return code;
}

int run_list(const std::filesystem::path& state) {
  const auto rows = alerts::recent_alerts(state, kShown, 0);
  if (!rows) return could_not(rows.error());
  for (const auto& row : *rows) {
    std::cout << date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(row.created)) << "  "
              << to_string(row.state) << "  " << printable(alerts::shown_route(row.route)) << "  "
              << row.incidents.size() + row.beyond
              << (row.incidents.size() + row.beyond == 1 ? " incident" : " incidents") << ", " << row.attempts
              << (row.attempts == 1 ? " attempt" : " attempts");
    if (!row.error.empty()) std::cout << ": it " << printable(row.error);
    std::cout << "\n";
  }
  return kDone;
}

}  // namespace

void add_alerts_command(CLI::App& app, int& exit_code) {
  const auto state = std::make_shared<std::filesystem::path>(default_state_folder());
  CLI::App* command = app.add_subcommand("alerts", "Whom policy.yaml has told of incidents");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const std::filesystem::path&)) {
    CLI::App* part = command->add_subcommand(name, what);
    part->add_option("--state", *state, "The agent's state folder")->capture_default_str();
    part->callback([state, run, &exit_code] { exit_code = run(*state); });
  };
  add("test", "Has the running agent send a test message over every channel, and says what came of it", run_test);
  add("list", "The latest alerts: when, where to, how it went", run_list);
}

}  // namespace fairlead::agent::command
