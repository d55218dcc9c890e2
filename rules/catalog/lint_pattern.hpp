#pragma once
// Tries a pattern on everyday names, paths and searches, and on its own short words inside longer ones. RE2 stays in
// the .cpp. For lint.cpp only; pure.

#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// What is doubtful about a pattern, each a sentence with its mend; none for one that RE2 cannot compile.
[[nodiscard]] std::vector<std::string> doubts_of_pattern(std::string_view re2, Where where);
/// The same for the words typed into a search engine.
[[nodiscard]] std::vector<std::string> doubts_of_search(std::string_view re2);

}  // namespace fairlead::rules::catalog
