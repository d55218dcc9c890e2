#pragma once
// The patterns of rows 3, 4, 7 and 9: a file of true expressions, and an Adblock list of plain filters. Both are made
// by the bench once and read by every engine. One thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/catalog/imports/filter.hpp"
#include "rules/catalog/values.hpp"
#include "tests/bench/rules/material.hpp"

namespace fairlead::bench {

/// A file of lines "host|path|query|url TAB expression"; the line is a pattern's number.
[[nodiscard]] std::vector<rules::catalog::PatternRule> read_patterns(const std::string& path);

/// The expressions as a category of their own, and the filters as a list with one.
void add_patterns(Lists& lists, std::vector<rules::catalog::PatternRule> patterns, const std::string& filters);

/// A plain filter in RE2's and Hyperscan's syntax, to be searched for in a whole address.
[[nodiscard]] std::string expression_of(const rules::catalog::Filter& filter);

}  // namespace fairlead::bench
