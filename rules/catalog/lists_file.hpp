#pragma once
// Reads lists.yaml: which lists of others may feed categories, and where they come from. Inside this room only; pure:
// nothing is fetched or opened.

#include <vector>

#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

/// Lists in the order of the file; complete when no error was told.
[[nodiscard]] std::vector<ListSource> read_lists(const YamlNode& root, Problems& problems);

}  // namespace fairlead::rules::catalog
