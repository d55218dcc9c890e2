#pragma once
// Reads safe_search.yaml: which search engines can be held to their safe mode, and by which host. Inside this room
// only; pure.

#include <vector>

#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

[[nodiscard]] std::vector<SafeSearchEngine> read_safe_search(const YamlNode& root, Problems& problems);

}  // namespace fairlead::rules::catalog
