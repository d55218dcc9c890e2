#pragma once
// Reads `cover` out of policy.yaml without the categories: for who keeps the net in force, often and at start-up, and
// needs none of the rest. The whole file is read by load.hpp, with the same errors. Pure.

#include <string_view>
#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// As the file writes it.
[[nodiscard]] std::string_view to_string(CoverProfile profile);

struct LoadedCover {
  Cover cover;                    // complete only when there is no error among the problems
  std::vector<Problem> problems;  // of YAML, of the names of sections, and of this section; not of the others
};

/// text  the bytes of policy.yaml.
[[nodiscard]] LoadedCover load_cover(std::string_view text);

}  // namespace fairlead::rules::catalog
