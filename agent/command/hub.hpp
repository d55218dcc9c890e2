#pragma once
// `fairlead hub`: the desk of a whole organisation, to which laptops report.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_hub_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
