// What contradicts the two highest levels: attempts to weaken a statutory category, and rules that aim at a protected
// service.

#include <set>
#include <string>
#include <tuple>

#include "rules/policy/impl.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Action;
using catalog::Problem;

void refuse_weak_statutory(const catalog::Catalog& catalog, std::uint16_t number, Problems& problems) {
  const catalog::Category& category = catalog.categories[number];
  const catalog::RuleLists& allow = category.allow;
  if (!allow.hosts.empty() || !allow.hashed_hosts.empty() || !allow.paths.empty() || !allow.patterns.empty()) {
    problems.push_back(problem_at(catalog, category.at, Problem::Kind::error,
                                  "a statutory category leaves nothing alone; take 'allow' out"));
  }
  for (const catalog::Group& group : catalog.policy.groups) {
    if (number >= group.actions.size()) continue;
    if (group.actions[number].otherwise == Action::block && !group.actions[number].schedule) continue;
    problems.push_back(problem_at(catalog, group.at, Problem::Kind::error,
                                  "group '" + group.id + "': statutory category '" + category.id +
                                      "' is always blocked; write 'block', or take the line out"));
  }
}

void refuse_exceptions(const Rules::Impl& impl, Problems& problems) {
  for (const catalog::Exception& exception : impl.catalog.policy.exceptions) {
    if (const catalog::Category* category = statutory_category_of(impl, exception))
      problems.push_back(problem_at(impl.catalog, exception.at, Problem::Kind::error, no_exception_inside(*category)));
  }
}

/// Looks for rules that aim at a protected service, in category files and in lists; reports each pair of rule and
/// service once. Statutory categories are stronger than a protected service, and meant to be.
class Collisions {
 public:
  Collisions(const Rules::Impl& impl, Problems& problems) : impl_(impl), problems_(problems) {}

  /// Rules that match the service itself, of whatever kind.
  void look_at(const catalog::Protected& service) {
    for (const char* prefix : {"https://", "https://www."}) {
      if (!url_.assign(prefix + service.host)) continue;
      impl_.ruleset->classify(url_, matches_);
      for (std::size_t i = 0; i < impl_.catalog.categories.size(); ++i) {
        const match::Match* speaker = strongest_in(matches_, static_cast<std::uint16_t>(i));
        if (speaker != nullptr) hear(speaker->rule, service);
      }
    }
  }

  /// Rules that name something below a service, which no URL of the service itself would show.
  void look_below(const catalog::Protected& service) {
    impl_.ruleset->each_below(service.host, [&](const match::Rule& rule) { hear(rule, service); });
  }

 private:
  void hear(const match::Rule& rule, const catalog::Protected& service) {
    if (rule.part == match::Part::allow || impl_.catalog.categories[rule.category].statutory) return;
    report(rule.name, {Problem::Kind::warning, std::string(rule.file), rule.line, rule.column, {}}, service);
  }

  void report(std::string_view rule, Problem problem, const catalog::Protected& service) {
    if (!seen_.emplace(problem.file, problem.line, problem.column, service.host).second) return;
    problem.text = "'" + std::string(rule) + "' has no effect on " + service.host + ", which " +
                   place_of(impl_.catalog, service.at) + " protects; narrow the rule or take it out";
    problems_.push_back(std::move(problem));
  }

  const Rules::Impl& impl_;
  Problems& problems_;
  url::CanonicalUrl url_;
  match::Matches matches_;
  std::set<std::tuple<std::string, std::uint32_t, std::uint32_t, std::string_view>> seen_;
};

}  // namespace

const catalog::Category* statutory_category_of(const Rules::Impl& impl, const catalog::Exception& exception) {
  if (exception.action == Action::block) return nullptr;
  url::CanonicalUrl url;
  const bool v6 = exception.host.find(':') != std::string::npos;
  if (!url.assign("https://" + (v6 ? "[" + exception.host + "]" : exception.host) + exception.path)) return nullptr;
  match::Matches matches;
  impl.ruleset->classify(url, matches);
  for (const match::Match& match : matches.found) {
    const catalog::Category& category = impl.catalog.categories[match.rule.category];
    if (category.statutory) return &category;
  }
  return nullptr;
}

std::string no_exception_inside(const catalog::Category& statutory) {
  return "this address lies inside the statutory category '" + statutory.id +
         "', which nobody can except; take the exception out";
}

void find_conflicts(const Rules::Impl& impl, Problems& problems) {
  for (std::size_t i = 0; i < impl.catalog.categories.size(); ++i) {
    if (impl.catalog.categories[i].statutory) {
      refuse_weak_statutory(impl.catalog, static_cast<std::uint16_t>(i), problems);
    }
  }
  refuse_exceptions(impl, problems);
  Collisions collisions(impl, problems);
  for (const catalog::Protected& service : impl.catalog.protected_services) {
    collisions.look_at(service);
    collisions.look_below(service);
  }
}

}  // namespace fairlead::rules::policy
