#pragma once
// Catalog values made in code, for the tests of rules/match.

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/match/compile.hpp"
#include "rules/match/ruleset.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match::test {

inline catalog::Category category(std::string id) {
  catalog::Category category;
  category.id = std::move(id);
  return category;
}

inline catalog::Catalog catalog_of(std::vector<catalog::Category> categories) {
  catalog::Catalog catalog;
  catalog.files = {"conduct/test.yaml"};
  catalog.categories = std::move(categories);
  return catalog;
}

inline url::CanonicalUrl url_of(std::string_view text) {
  url::CanonicalUrl url;
  if (!url.assign(text)) throw std::runtime_error("not a URL: " + std::string(text));
  return url;
}

/// Every category's own rules, compiled and opened in memory; null when one of them is refused.
inline std::unique_ptr<const Ruleset> build(const catalog::Catalog& catalog, std::vector<catalog::Problem>& problems,
                                            std::size_t budget = PatternIndex::kDefaultBudget) {
  Compiler compiler(catalog);
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    compiler.add_category(static_cast<std::uint16_t>(i), problems);
  }
  if (!problems.empty()) return nullptr;
  return std::move(Ruleset::open(compiler.finish({}, {}).to_memory(), catalog, budget).value());
}

/// Names of the rules that match, sorted, each with its kind: "host bet365.com".
inline std::vector<std::string> names(const Ruleset& ruleset, std::string_view url) {
  Matches matches;
  ruleset.classify(url_of(url), matches);
  std::vector<std::string> names;
  for (const Match& match : matches.found) names.push_back(std::string(to_string(match.kind)) + " " + match.rule.name);
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace fairlead::rules::match::test
