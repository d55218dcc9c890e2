#pragma once
// `fairlead rules replay`: what would change for addresses that people really asked for, if other files came into
// force. For the administrator, before a reload. Reads files; blocks.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// rules      the `rules` command, which gets one more part.
/// exit_code  0 nothing changes, 1 something does, 2 used wrongly, 3 could not do it. Must outlive `rules`.
void add_replay_command(CLI::App& rules, int& exit_code);

}  // namespace fairlead::agent::command
