#pragma once
// `fairlead rules import FILE --category X --dry-run`: what a list would add to a category, before it does.

namespace CLI {
class App;
}

namespace fairlead::agent::command {

void add_import_command(CLI::App& rules, int& exit_code);

}  // namespace fairlead::agent::command
