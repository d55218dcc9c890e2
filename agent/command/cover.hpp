#pragma once
// `fairlead cover keep`, `show` and `remove`: the net that holds the laptop's traffic on the filter.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_cover_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
