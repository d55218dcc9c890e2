#pragma once
// `fairlead rules diff OLD NEW`: what a ruleset, or a folder of files, blocks that another does not.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_diff_command(CLI::App& rules, int& exit_code);

}  // namespace fairlead::agent::command
