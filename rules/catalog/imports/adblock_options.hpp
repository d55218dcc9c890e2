#pragma once
// What the options of an Adblock filter mean, as far as a proxy can see it. Inside this room only; pure.

#include <optional>
#include <string_view>
#include <vector>

#include "rules/catalog/imports/filter.hpp"
#include "rules/catalog/imports/import.hpp"

namespace fairlead::rules::catalog {

/// Writes types, party, domains, match_case and important into `filter`.
///
/// Returns  why the filter must be left out; nothing when it holds as written. A filter is never taken with an option
///          dropped that would have narrowed it.
/// Source   help.adblockplus.org, "How to write filters"; github.com/gorhill/uBlock/wiki/Static-filter-syntax
[[nodiscard]] std::optional<Skipped> read_options(const std::vector<std::string_view>& options, Filter& filter);

}  // namespace fairlead::rules::catalog
