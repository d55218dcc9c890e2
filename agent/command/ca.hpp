#pragma once
// `fairlead ca`: the authority of this laptop, with which the agent answers HTTPS for hosts that it blocks.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_ca_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
