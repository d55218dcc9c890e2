#include "rules/policy/lint_lists.hpp"

#include <string>

#include "rules/match/ruleset.hpp"
#include "rules/policy/impl.hpp"
#include "rules/url/as_typed.hpp"
#include "rules/url/public_suffix.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Problem;

constexpr std::size_t kMostOfAKind = 50;

Problem warning_at(const match::Rule& rule, std::string text) {
  return {Problem::Kind::warning, std::string(rule.file), rule.line, rule.column, std::move(text)};
}

bool is_of_list(const match::Rule& rule) {
  return rule.origin != match::Origin::category_file && rule.part == match::Part::block;
}

/// "github.io" in a list closes the sites of everybody who lives there.
void find_wide_names(const Rules& rules, std::vector<Problem>& problems) {
  std::size_t found = 0;
  rules.ruleset().each_name(
      [&](match::RuleKind kind, std::string_view name, const match::Ruleset::EachRule& each_rule) {
        if (kind != match::RuleKind::host || !url::is_public_suffix(name)) return;
        each_rule([&](const match::Rule& rule) {
          if (!is_of_list(rule) || ++found > kMostOfAKind) return;
          problems.push_back(warning_at(
              rule, "'" + rule.name +
                        "' is shared by many owners, and all of them are blocked; name it under 'allow' of '" +
                        rules.catalog().categories[rule.category].id + "', or leave the list"));
        });
      });
}

/// What one category must allow, a list of another may block all the same.
void find_blocked_look_alikes(const Rules& rules, std::vector<Problem>& problems) {
  url::CanonicalUrl url;
  match::Matches matches;
  std::size_t found = 0;
  for (const catalog::Category& category : rules.catalog().categories) {
    for (const catalog::TestUrl& test : category.must_allow) {
      if (!url.assign(url::with_scheme(test.url))) continue;
      if (rules.decide(url, 0, {}).level == Level::protected_service) continue;  // no list can block it
      rules.ruleset().classify(url, matches);
      for (const match::Match& match : matches.found) {
        const catalog::Category& other = rules.catalog().categories[match.rule.category];
        if (!is_of_list(match.rule) || &other == &category) continue;
        if (strongest_in(matches, match.rule.category) != &match || ++found > kMostOfAKind) continue;
        problems.push_back(warning_at(match.rule, "'" + match.rule.name + "' blocks '" + test.url + "' as '" +
                                                      other.id + "', which the tests of '" + category.id +
                                                      "' must allow; name it under 'allow' of '" + other.id + "'"));
      }
    }
  }
}

}  // namespace

std::vector<Problem> lint_lists(const Rules& rules) {
  std::vector<Problem> problems;
  find_wide_names(rules, problems);
  find_blocked_look_alikes(rules, problems);
  return problems;
}

}  // namespace fairlead::rules::policy
