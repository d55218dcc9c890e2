#pragma once
// What one compiled ruleset blocks that another does not, name by name. Reads both once, in little memory; a second a
// million names. Any thread.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "rules/match/ruleset.hpp"

namespace fairlead::rules::match {

/// What a category gained or lost, with the first few of each.
struct CategoryDifference {
  struct Side {
    std::uint64_t count = 0;
    std::vector<std::string> first;  // "casino.example (ut1-gambling/domains:17)"
  };
  Side hosts_added, hosts_removed, paths_added, paths_removed, patterns_added, patterns_removed;
};

struct Difference {
  std::map<std::string, CategoryDifference> categories;  // by id; only those that differ
  struct ListSizes {
    std::uint64_t before = 0, after = 0;
  };
  std::map<std::string, ListSizes> lists;  // lines in force, by list; all lists of either
  [[nodiscard]] bool none() const { return categories.empty(); }
};

/// before, after  rulesets, and the ids of their categories in the order of their catalogs.
[[nodiscard]] Difference compare(const Ruleset& before, const std::vector<std::string>& before_categories,
                                 const Ruleset& after, const std::vector<std::string>& after_categories);

}  // namespace fairlead::rules::match
