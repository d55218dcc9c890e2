#pragma once
// `fairlead alerts test | list`: tries every channel through the running agent; shows what was sent and what waits.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// exit_code  0 done, 1 the answer is no (a test did not arrive), 2 used wrongly, 3 could not do it; set when one of
///            these commands ran. Must outlive `app`.
void add_alerts_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
