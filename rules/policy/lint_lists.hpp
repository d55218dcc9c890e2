#pragma once
// What imported lists block although it is most likely not meant: whole public suffixes and shared hosts, and addresses
// that the tests of other categories must allow. Reads every name of the ruleset; seconds for millions.

#include <vector>

#include "rules/catalog/load.hpp"
#include "rules/policy/rules.hpp"

namespace fairlead::rules::policy {

/// Warnings, at most fifty of each kind; each names list and line.
[[nodiscard]] std::vector<catalog::Problem> lint_lists(const Rules& rules);

}  // namespace fairlead::rules::policy
