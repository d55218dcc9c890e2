#pragma once
// Reads carriers.yaml: which sites carry the address of another inside their own. Inside this room only; pure.

#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

/// Fills catalog.carriers and catalog.mentions.
void read_carriers(const YamlNode& root, Catalog& catalog, Problems& problems);

}  // namespace fairlead::rules::catalog
