#pragma once
// `fairlead pause --minutes N --because TEXT` and `pause --end`: root lets filtering rest for a while. The agent's side
// of it is in life.hpp.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_pause_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
