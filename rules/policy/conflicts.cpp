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

void refuse_exceptions(const catalog::Catalog& catalog, std::uint16_t number, const match::Ruleset& alone,
                       Problems& problems) {
  url::CanonicalUrl url;
  match::Matches matches;
  for (const catalog::Exception& exception : catalog.policy.exceptions) {
    if (exception.action == Action::block) continue;
    const bool v6 = exception.host.find(':') != std::string::npos;
    if (!url.assign("https://" + (v6 ? "[" + exception.host + "]" : exception.host) + exception.path)) continue;
    alone.classify(url, matches);
    if (matches.found.empty()) continue;
    problems.push_back(problem_at(catalog, exception.at, Problem::Kind::error,
                                  "this address lies inside the statutory category '" + catalog.categories[number].id +
                                      "', which nobody can except; take the exception out"));
  }
}

/// Looks for rules of one category that aim at a protected service; reports each pair of rule and service once.
class Collisions {
 public:
  Collisions(const Rules::Impl& impl, std::uint16_t number, Problems& problems)
      : impl_(impl), number_(number), problems_(problems) {}

  /// Rules that match the service itself, of whatever kind.
  void look_at(const catalog::Protected& service, const match::Ruleset& alone) {
    for (const char* prefix : {"https://", "https://www."}) {
      if (!url_.assign(prefix + service.host)) continue;
      alone.classify(url_, matches_);
      const match::Match* speaker = strongest_in(matches_, number_);
      if (speaker == nullptr || speaker->rule.part == match::Part::allow) continue;
      const match::Rule& rule = speaker->rule;
      report(rule.name, {Problem::Kind::warning, std::string(rule.file), rule.line, rule.column, {}}, service);
    }
  }

  /// Rules that name something below a service, which no URL of the service itself would show.
  void look_below() {
    const catalog::RuleLists& block = impl_.catalog.categories[number_].block;
    const auto problem = [&](const catalog::Position& at) {
      return problem_at(impl_.catalog, at, Problem::Kind::warning, {});
    };
    for (const catalog::HostRule& rule : block.hosts) find_above(rule.host, rule.host, problem(rule.at));
    for (const catalog::PathRule& rule : block.paths) find_above(rule.host, rule.host + rule.path, problem(rule.at));
  }

 private:
  void find_above(std::string_view host, std::string_view name, const Problem& at) {
    const match::HostSuffixes suffixes(host);
    for (std::size_t i = 0; i < suffixes.size(); ++i) {
      for (const std::uint32_t service : impl_.protected_hosts.find(suffixes[i])) {
        report(name, at, impl_.catalog.protected_services[service]);
      }
    }
  }

  void report(std::string_view rule, Problem problem, const catalog::Protected& service) {
    if (!seen_.emplace(problem.line, problem.column, service.host).second) return;
    problem.text = "'" + std::string(rule) + "' has no effect on " + service.host + ", which " +
                   place_of(impl_.catalog, service.at) + " protects; narrow the rule or take it out";
    problems_.push_back(std::move(problem));
  }

  const Rules::Impl& impl_;
  std::uint16_t number_;
  Problems& problems_;
  url::CanonicalUrl url_;
  match::Matches matches_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::string_view>> seen_;
};

}  // namespace

void find_conflicts(const Rules::Impl& impl, std::uint16_t category, const match::Ruleset& alone, Problems& problems) {
  if (impl.catalog.categories[category].statutory) {
    refuse_weak_statutory(impl.catalog, category, problems);
    refuse_exceptions(impl.catalog, category, alone, problems);
    return;  // stronger than a protected service, and meant to be
  }
  Collisions collisions(impl, category, problems);
  for (const catalog::Protected& service : impl.catalog.protected_services) collisions.look_at(service, alone);
  collisions.look_below();
}

}  // namespace fairlead::rules::policy
