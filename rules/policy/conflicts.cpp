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

void refuse_weak_statutory(const catalog::Catalog& catalog, Problems& problems) {
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    const catalog::Category& category = catalog.categories[i];
    if (!category.statutory) continue;
    const catalog::RuleLists& allow = category.allow;
    if (!allow.hosts.empty() || !allow.hashed_hosts.empty() || !allow.paths.empty() || !allow.patterns.empty()) {
      problems.push_back(problem_at(catalog, category.at, Problem::Kind::error,
                                    "a statutory category leaves nothing alone; take 'allow' out"));
    }
    for (const catalog::Group& group : catalog.policy.groups) {
      if (i >= group.actions.size()) continue;
      if (group.actions[i].otherwise == Action::block && !group.actions[i].schedule) continue;
      problems.push_back(problem_at(catalog, group.at, Problem::Kind::error,
                                    "group '" + group.id + "': statutory category '" + category.id +
                                        "' is always blocked; write 'block', or take the line out"));
    }
  }
}

void refuse_statutory_exceptions(const Rules::Impl& impl, Problems& problems) {
  url::CanonicalUrl url;
  match::Matches matches;
  for (const catalog::Exception& exception : impl.catalog.policy.exceptions) {
    if (exception.action == Action::block) continue;
    const bool v6 = exception.host.find(':') != std::string::npos;
    if (!url.assign("https://" + (v6 ? "[" + exception.host + "]" : exception.host) + exception.path)) continue;
    impl.ruleset->classify(url, matches);
    for (const match::Match& match : matches.found) {
      const catalog::Category& category = impl.catalog.categories[match.rule->category];
      if (!category.statutory) continue;
      problems.push_back(problem_at(impl.catalog, exception.at, Problem::Kind::error,
                                    "this address lies inside the statutory category '" + category.id +
                                        "', which nobody can except; take the exception out"));
      break;
    }
  }
}

/// Reports each pair of rule and protected service once.
class Collisions {
 public:
  Collisions(const Rules::Impl& impl, Problems& problems) : impl_(impl), problems_(problems) {}

  /// Rules that match the service itself, of whatever kind.
  void look_at(const catalog::Protected& service) {
    for (const char* prefix : {"https://", "https://www."}) {
      if (!url_.assign(prefix + service.host)) continue;
      impl_.ruleset->classify(url_, matches_);
      for (const match::Match& match : matches_.found) {
        if (strongest_in(matches_, match.rule->category) == &match && match.rule->part == match::Part::block) {
          report(match.rule->category, match.rule->name, match.rule->at, service);
        }
      }
    }
  }

  /// Rules that name something below a service, which no URL of the service itself would show.
  void look_at(std::uint16_t category) {
    const catalog::RuleLists& block = impl_.catalog.categories[category].block;
    for (const catalog::HostRule& rule : block.hosts) find_above(category, rule.host, rule.host, rule.at);
    for (const catalog::PathRule& rule : block.paths) find_above(category, rule.host, rule.host + rule.path, rule.at);
  }

 private:
  void find_above(std::uint16_t category, std::string_view host, std::string_view name, const catalog::Position& at) {
    const match::HostSuffixes suffixes(host);
    for (std::size_t i = 0; i < suffixes.size(); ++i) {
      for (const std::uint32_t service : impl_.protected_hosts.find(suffixes[i])) {
        report(category, name, at, impl_.catalog.protected_services[service]);
      }
    }
  }

  void report(std::uint16_t category, std::string_view rule, const catalog::Position& at,
              const catalog::Protected& service) {
    if (impl_.catalog.categories[category].statutory) return;  // stronger than a protected service, and meant to be
    if (!seen_.emplace(at.file, at.line, at.column, service.host).second) return;
    problems_.push_back(problem_at(impl_.catalog, at, Problem::Kind::warning,
                                   "'" + std::string(rule) + "' has no effect on " + service.host + ", which " +
                                       place_of(impl_.catalog, service.at) +
                                       " protects; narrow the rule or take it out"));
  }

  const Rules::Impl& impl_;
  Problems& problems_;
  url::CanonicalUrl url_;
  match::Matches matches_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::string_view>> seen_;
};

}  // namespace

void find_conflicts(const Rules::Impl& impl, Problems& problems) {
  refuse_weak_statutory(impl.catalog, problems);
  refuse_statutory_exceptions(impl, problems);
  Collisions collisions(impl, problems);
  for (const catalog::Protected& service : impl.catalog.protected_services) collisions.look_at(service);
  for (std::size_t i = 0; i < impl.catalog.categories.size(); ++i) collisions.look_at(static_cast<std::uint16_t>(i));
}

}  // namespace fairlead::rules::policy
