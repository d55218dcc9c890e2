#pragma once
// `fairlead user add | list | remove | password`: who may sign in to the console. Changes the accounts of a state
// folder beside a running agent, which sees it at the next request.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// exit_code  0 done, 1 there is no such account, 2 used wrongly, 3 could not do it; set when one of these commands
/// ran.
///            Must outlive `app`.
void add_user_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
