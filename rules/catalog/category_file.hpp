#pragma once
// Reads one category file into a Category. Signposts and lists must have been read before, because `help` and `lists`
// name them. Inside this room only; pure.

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

/// Ids of lists.yaml; nothing where that file is broken. Where it is absent there are none, so that a category that
/// names one is refused: it would block less than it says.
using KnownLists = std::optional<std::vector<std::string>>;

/// name     "conduct/gambling.yaml": its folder must be the category's risk, its stem the category's id.
/// Returns  the category as far as it could be read; complete when no error was told.
[[nodiscard]] Category read_category(const YamlNode& root, std::string_view name, const KnownSignposts& signposts,
                                     const KnownLists& lists, Problems& problems);

/// The id that a category file must hold: "gambling" of "conduct/gambling.yaml".
[[nodiscard]] std::string_view stem_of(std::string_view name);

}  // namespace fairlead::rules::catalog
