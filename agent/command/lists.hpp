#pragma once
// `fairlead lists update | status`: fetches the published lists of lists.yaml and says how they are. For the
// administrator and for a timer. Blocks for as long as the downloads take.

#include <filesystem>

#include "rules/catalog/values.hpp"

namespace CLI {
class App;
}

namespace fairlead::agent::command {

/// exit_code  0 done, 1 a list failed, 2 no list of that name, 3 the lists cannot be read or somebody else updates.
///            Set when one of these commands ran. Must outlive `app`.
void add_lists_command(CLI::App& app, int& exit_code);

/// Prints what there is of each list, for people or as JSON.
[[nodiscard]] std::string lists_as_json(const rules::catalog::Catalog& catalog, const std::filesystem::path& state);
void show_lists(const rules::catalog::Catalog& catalog, const std::filesystem::path& state, bool as_json);

}  // namespace fairlead::agent::command
