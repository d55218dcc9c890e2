#include "rules/match/difference.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace fairlead::rules::match {
namespace {

constexpr std::size_t kNamed = 10;

using DifferingSide = CategoryDifference::Side;
/// Which member of a CategoryDifference.
using Which = DifferingSide CategoryDifference::*;

std::string describe(const Rule& rule, std::string_view name) {
  return std::string(name) + " (" + std::string(rule.file) + ":" + std::to_string(rule.line) + ")";
}

class Comparison {
 public:
  explicit Comparison(Difference& difference) : difference_(difference) {}

  /// Counts what the rules of one name block in `here`, for categories that do not block it in `there`.
  template <class EachRule>
  void count(const EachRule& each_rule, std::string_view name, const std::vector<std::string>& categories,
             const std::set<std::string_view>& there, Which which) {
    std::set<std::string_view> counted;
    each_rule([&](const Rule& rule) {
      const std::string_view category = categories[rule.category];
      if (rule.part != Part::block || there.contains(category) || !counted.insert(category).second) return;
      DifferingSide& side = difference_.categories[std::string(category)].*which;
      ++side.count;
      if (side.first.size() < kNamed) side.first.push_back(describe(rule, name));
    });
  }

 private:
  Difference& difference_;
};

/// The categories that block a name in a ruleset.
template <class EachRule>
std::set<std::string_view> blocking(const EachRule& each_rule, const std::vector<std::string>& categories) {
  std::set<std::string_view> ids;
  each_rule([&](const Rule& rule) {
    if (rule.part == Part::block) ids.insert(categories[rule.category]);
  });
  return ids;
}

}  // namespace

Difference compare(const Ruleset& before, const std::vector<std::string>& before_categories, const Ruleset& after,
                   const std::vector<std::string>& after_categories) {
  Difference difference;
  Comparison comparison(difference);
  const auto one_way = [&](const Ruleset& here, const std::vector<std::string>& categories, const Ruleset& there,
                           const std::vector<std::string>& other_categories, Which hosts, Which paths, Which patterns) {
    here.each_name([&](RuleKind kind, std::string_view name, const Ruleset::EachRule& each_rule) {
      const auto named_there =
          blocking([&](const std::function<void(const Rule&)>& each) { there.each_rule_of(kind, name, each); },
                   other_categories);
      comparison.count(each_rule, name, categories, named_there, kind == RuleKind::path ? paths : hosts);
    });
    std::set<std::pair<std::string, std::string>> known;
    there.each_pattern([&](const Rule& rule, std::string_view text) {
      if (rule.part == Part::block) known.emplace(other_categories[rule.category], text);
    });
    here.each_pattern([&](const Rule& rule, std::string_view text) {
      if (rule.part != Part::block || known.contains({categories[rule.category], std::string(text)})) return;
      DifferingSide& side = difference.categories[categories[rule.category]].*patterns;
      ++side.count;
      if (side.first.size() < kNamed) side.first.push_back(describe(rule, text));
    });
  };
  one_way(after, after_categories, before, before_categories, &CategoryDifference::hosts_added,
          &CategoryDifference::paths_added, &CategoryDifference::patterns_added);
  one_way(before, before_categories, after, after_categories, &CategoryDifference::hosts_removed,
          &CategoryDifference::paths_removed, &CategoryDifference::patterns_removed);
  for (const auto& list : before.lists()) difference.lists[list.id].before = list.lines;
  for (const auto& list : after.lists()) difference.lists[list.id].after = list.lines;
  return difference;
}

}  // namespace fairlead::rules::match
