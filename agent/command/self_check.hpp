#pragma once
// `fairlead self-check`: which of the known ways round the filter this laptop is open to.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_self_check_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
