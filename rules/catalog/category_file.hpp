#pragma once
// Reads one category file into a Category. Signposts must have been read before, because `help` names them. Inside this
// room only; pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/problem.hpp"
#include "rules/catalog/values.hpp"
#include "rules/catalog/yaml_reader.hpp"

namespace fairlead::rules::catalog {

/// The signpost that needs no entry in signposts.yaml: the safeguarding lead's contact in policy.yaml.
inline constexpr std::string_view kLeadSignpost = "safeguarding-lead";

/// Ids of signposts; nothing where signposts.yaml is absent or broken, so that one mistake is not told 33 times.
using KnownSignposts = std::optional<std::vector<std::string>>;

/// name     "conduct/gambling.yaml": its folder must be the category's risk, its stem the category's id.
/// Returns  the category as far as it could be read; complete when no error was told.
[[nodiscard]] Category read_category(const YamlNode& root, std::string_view name, const KnownSignposts& signposts,
                                     Problems& problems);

/// The id that a category file must hold: "gambling" of "conduct/gambling.yaml".
[[nodiscard]] std::string_view stem_of(std::string_view name);

}  // namespace fairlead::rules::catalog
