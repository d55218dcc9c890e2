#pragma once
// What is allowed in the files but most likely not meant: words that match inside other words, rules that stand for
// half the web, rules said twice. Not part of loading: for `fairlead rules lint`. Pure; any thread; milliseconds a
// category.

#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/catalog/values.hpp"

namespace fairlead::rules::catalog {

/// Looks through the categories of a catalog that loaded without errors.
///
/// Returns  in order of file and line: an error for a pattern that does not say why it is there, warnings for the rest.
///          Whether patterns compile and in-file tests hold is found out when rules are built, not here.
[[nodiscard]] std::vector<Problem> lint(const Catalog& catalog);

}  // namespace fairlead::rules::catalog
