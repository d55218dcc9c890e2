#pragma once
// The keys under which a path rule is kept and looked for. Part of the file format. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "rules/match/match.hpp"

namespace fairlead::rules::match {

/// One key or two: of the path as it is written and, where a block rule differs, as a lenient origin reads it.
/// path  canonical, begins with '/'; with '?' and the begin of a query where a list names one.
[[nodiscard]] std::vector<std::string> path_keys(std::string_view host, std::string_view path, Part part);

}  // namespace fairlead::rules::match
