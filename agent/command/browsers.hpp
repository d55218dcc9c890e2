#pragma once
// `fairlead browsers`: the settings that lead browsers and desktops through the filter.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_browsers_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
