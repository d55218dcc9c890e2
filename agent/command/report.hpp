#pragma once
// `fairlead report week | term | month | year | processing`: the console's reports as files, from the store beside a
// running or a stopped agent. Reads only.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// exit_code  0 done, 2 used wrongly, 3 could not do it; set when one of these commands ran. Must outlive `app`.
void add_report_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
