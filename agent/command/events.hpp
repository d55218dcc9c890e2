#pragma once
// `fairlead events list | show | verify | export`: reads the store beside a running agent or of a stopped one.
// Writes nothing but the file named by --out.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// exit_code  0 done, 1 the answer is no (not clean, no such event), 2 used wrongly, 3 could not do it; set when one of
///            these commands ran. Must outlive `app`.
void add_events_command(CLI::App& app, int& exit_code);

}  // namespace fairlead::agent::command
