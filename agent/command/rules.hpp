#pragma once
// `fairlead rules test | lint | replay`: is this folder of category and policy files fit to come into force? For the
// administrator, before a reload. Reads files; blocks.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// exit_code  0 fit, 1 there are errors; set when one of these commands ran. Must outlive `app`.
void add_rules_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
