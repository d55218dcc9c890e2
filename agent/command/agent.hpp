#pragma once
// `fairlead agent`: the filter itself, in the foreground. Builds the object graph from top to bottom.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_agent_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
