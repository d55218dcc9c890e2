#include "agent/command/pause.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "agent/command/exit_code.hpp"
#include "agent/command/folders.hpp"
#include "agent/net/control.hpp"

namespace fairlead::agent::command {
namespace {

struct PauseOptions {
  unsigned minutes = 0;
  std::string because;
  bool end = false;
  std::filesystem::path state = default_state_folder();
};

int pause(const PauseOptions& options) {
  if (!options.end && (options.minutes == 0 || options.because.empty())) {
    std::cerr << "fairlead: a pause needs --minutes and --because; --end ends it\n";
    return kWrongUse;
  }
  nlohmann::json request = {{"do", "pause"}, {"end", options.end}};
  if (!options.end) request.update({{"minutes", options.minutes}, {"because", options.because}});
  const auto answer = net::ask_agent(control_socket(options.state), request);
  if (!answer || answer->contains("error"))
    return could_not(answer ? answer->value("error", std::string()) : answer.error().context);
  if (options.end) {
    std::cout << (answer->value("rested", false) ? "the pause is over: filtering goes on\n"
                                                 : "filtering did not rest\n");
  } else {
    std::cout << "filtering rests until " << answer->value("until", std::string())
              << ", but for statutory lists; what would be blocked is recorded. 'fairlead pause --end' ends it\n";
  }
  return 0;
}

}  // namespace

void add_pause_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PauseOptions>();
  CLI::App* command = app.add_subcommand("pause", "Let filtering rest for some minutes; root only, and written down");
  command->add_option("--minutes", options->minutes, "For how long")->check(CLI::Range(1, 60));
  command->add_option("--because", options->because, "Why; the safeguarding lead and IT read it");
  command->add_flag("--end", options->end, "End it now");
  command->add_option("--state", options->state, "The agent's state folder");
  command->callback([options, &exit_code] { exit_code = pause(*options); });
}

}  // namespace fairlead::agent::command
