#pragma once
// Reads protected.yaml, signposts.yaml and search_engines.yaml. Inside this room only; pure.

#include <vector>

#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

/// Fills catalog.protected_services and catalog.imitated.
void read_protected(const YamlNode& root, Catalog& catalog, Problems& problems);
[[nodiscard]] std::vector<Signpost> read_signposts(const YamlNode& root, Problems& problems);
[[nodiscard]] std::vector<SearchEngine> read_search_engines(const YamlNode& root, Problems& problems);

}  // namespace fairlead::rules::catalog
