#include "rules/match/ruleset.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>

#include "rules/match/hashed_hosts.hpp"
#include "rules/match/host_table.hpp"
#include "rules/match/path_rule.hpp"
#include "rules/match/search_engines.hpp"
#include "rules/url/words.hpp"

namespace fairlead::rules::match {
namespace {

using Problems = std::vector<catalog::Problem>;

Subject subject_of(catalog::Where where) {
  switch (where) {
    case catalog::Where::host:
      return Subject::host;
    case catalog::Where::path:
      return Subject::path;
    case catalog::Where::query:
      return Subject::query;
    case catalog::Where::url:
      return Subject::url;
  }
  return Subject::url;
}

catalog::Problem error_at(const catalog::Catalog& catalog, const catalog::Position& at, std::string text) {
  return {catalog::Problem::Kind::error, at.file < catalog.files.size() ? catalog.files[at.file] : std::string(),
          at.line, at.column, std::move(text)};
}

}  // namespace

std::string_view to_string(RuleKind kind) {
  switch (kind) {
    case RuleKind::hashed_host:
      return "hashed_host";
    case RuleKind::path:
      return "path";
    case RuleKind::host:
      return "host";
    case RuleKind::parent_host:
      return "parent_host";
    case RuleKind::pattern:
      return "pattern";
    case RuleKind::search:
      return "search";
    case RuleKind::none:
      return "none";
  }
  return "none";
}

struct Ruleset::Impl {
  Impl(const catalog::Catalog& from, std::size_t bytes) : catalog(from), budget(bytes), engines(from.search_engines) {}

  // Filling.
  std::uint32_t add_rule(Rule rule);
  void add_category(std::uint16_t number, Problems& problems);
  void seal();
  void add_part(std::uint16_t category, Part part, const catalog::RuleLists& lists, Problems& problems);
  void add_pattern(std::uint32_t rule, const std::string& text, Subject subject, Problems& problems);

  // Asking.
  void match_hosts(const url::CanonicalUrl& url, Matches& matches) const;
  void match_searches(const url::CanonicalUrl& url, Matches& matches) const;
  void take(PatternIndex::Outcome& outcome, std::string_view words, Matches& matches) const;

  const catalog::Catalog& catalog;
  std::size_t budget;
  std::deque<Rule> rules;  // a Match points into it
  std::vector<std::pair<PathRule, std::uint32_t>> path_rules;
  HostTable hosts, paths;  // → rules, → path_rules
  HashedHosts hashed;
  PatternIndex patterns;
  SearchEngines engines;
  Size size;
};

std::uint32_t Ruleset::Impl::add_rule(Rule rule) {
  rules.push_back(std::move(rule));
  return static_cast<std::uint32_t>(rules.size() - 1);
}

void Ruleset::Impl::add_pattern(std::uint32_t rule, const std::string& text, Subject subject, Problems& problems) {
  const Rule& added = rules[rule];
  if (patterns.size() == PatternIndex::kMost) {
    problems.push_back(error_at(catalog, added.at,
                                "pattern '" + added.name +
                                    "': there are more than 8192 patterns; "
                                    "use hosts and paths, or take some out"));
    return;
  }
  auto compiled = Pattern::compile(text, subject);
  if (!compiled) {
    problems.push_back(error_at(catalog, added.at, "pattern '" + added.name + "': " + compiled.error()));
    return;
  }
  patterns.add(std::move(*compiled), subject, added.part, rule);
  ++(subject == Subject::words ? size.searches : size.patterns);
}

void Ruleset::Impl::add_part(std::uint16_t category, Part part, const catalog::RuleLists& lists, Problems& problems) {
  for (const catalog::HostRule& host : lists.hosts) {
    hosts.add(host.host, add_rule({part, RuleKind::host, category, host.host, {}, {}, host.at}));
    ++size.hosts;
  }
  for (const catalog::HashedHostRule& host : lists.hashed_hosts) {
    hashed.add(host.sha256, add_rule({part, RuleKind::hashed_host, category, host.sha256, {}, {}, host.at}));
    ++size.hosts;
  }
  for (const catalog::PathRule& path : lists.paths) {
    const auto rule = add_rule({part, RuleKind::path, category, path.host + path.path, {}, {}, path.at});
    paths.add(path.host, static_cast<std::uint32_t>(path_rules.size()));
    path_rules.emplace_back(PathRule(path.host, path.path), rule);
    ++size.paths;
  }
  for (const catalog::PatternRule& pattern : lists.patterns) {
    const auto rule =
        add_rule({part, RuleKind::pattern, category, pattern.id, pattern.re2, pattern.because, pattern.at});
    add_pattern(rule, pattern.re2, subject_of(pattern.where), problems);
  }
  for (const catalog::SearchRule& search : lists.searches) {
    const auto rule = add_rule({part, RuleKind::search, category, search.id, search.re2, {}, search.at});
    add_pattern(rule, search.re2, Subject::words, problems);
  }
}

void Ruleset::Impl::add_category(std::uint16_t number, Problems& problems) {
  add_part(number, Part::block, catalog.categories[number].block, problems);
  add_part(number, Part::allow, catalog.categories[number].allow, problems);
}

void Ruleset::Impl::seal() {
  hosts.seal();
  paths.seal();
  hashed.seal();
  patterns.seal();
  size.always_tried = patterns.always_tried();
}

void Ruleset::Impl::match_hosts(const url::CanonicalUrl& url, Matches& matches) const {
  const HostSuffixes suffixes(url);
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    const HostSuffix suffix = suffixes[i];
    const bool whole = i == 0;
    for (const std::uint32_t rule : hosts.find(suffix)) {
      matches.found.push_back({&rules[rule],
                               whole ? RuleKind::host : RuleKind::parent_host,
                               exactness_of_host(suffix.text, whole),
                               std::string(suffix.text),
                               {}});
    }
    for (const std::uint32_t number : paths.find(suffix)) {
      const auto& [path, rule] = path_rules[number];
      if (!path.speaks_about(url, rules[rule].part)) continue;
      matches.found.push_back({&rules[rule],
                               RuleKind::path,
                               exactness_of_path(suffix.text, path.path()),
                               std::string(suffix.text).append(path.path()),
                               {}});
    }
    if (!hashed.empty()) {
      hashed.find(suffix, [&](std::uint32_t rule) {
        matches.found.push_back(
            {&rules[rule], RuleKind::hashed_host, exactness_of_host(suffix.text, whole), std::string(suffix.text), {}});
      });
    }
  }
}

void Ruleset::Impl::match_searches(const url::CanonicalUrl& url, Matches& matches) const {
  if (size.searches == 0) return;
  std::string words;
  PatternIndex::Outcome outcome;
  engines.each_value(url, [&](std::string_view value) {
    url::fold_words(value, words);
    patterns.match_words(words, budget, outcome);
    take(outcome, words, matches);
  });
}

/// Moves an outcome of the pattern index into `matches`; a rule that has spoken already is not repeated.
void Ruleset::Impl::take(PatternIndex::Outcome& outcome, std::string_view words, Matches& matches) const {
  for (PatternIndex::Found& found : outcome.found) {
    const Rule* rule = &rules[found.rule];
    if (std::any_of(matches.found.begin(), matches.found.end(), [&](const Match& m) { return m.rule == rule; }))
      continue;
    matches.found.push_back({rule, rule->kind, exactness_of_pattern(), std::move(found.span), std::string(words)});
  }
  for (const std::uint32_t rule : outcome.unclear) matches.unclear.push_back(rules[rule].category);
  outcome.found.clear();
  outcome.unclear.clear();
}

Ruleset::Ruleset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ruleset::~Ruleset() = default;

std::unique_ptr<const Ruleset> Ruleset::build(const catalog::Catalog& catalog, std::vector<catalog::Problem>& problems,
                                              std::size_t budget) {
  auto impl = std::make_unique<Impl>(catalog, budget);
  const std::size_t before = problems.size();
  for (std::size_t i = 0; i < catalog.categories.size(); ++i) {
    impl->add_category(static_cast<std::uint16_t>(i), problems);
  }
  if (problems.size() != before) return nullptr;  // each of them is a refused pattern
  impl->seal();
  return std::unique_ptr<const Ruleset>(new Ruleset(std::move(impl)));
}

std::unique_ptr<const Ruleset> Ruleset::build_alone(const catalog::Catalog& catalog, std::uint16_t category) {
  auto impl = std::make_unique<Impl>(catalog, PatternIndex::kDefaultBudget);
  Problems problems;
  impl->add_category(category, problems);
  if (!problems.empty()) return nullptr;
  impl->seal();
  return std::unique_ptr<const Ruleset>(new Ruleset(std::move(impl)));
}

void Ruleset::classify(const url::CanonicalUrl& url, Matches& matches) const {
  matches.clear();
  if (url.host().empty()) return;
  impl_->match_hosts(url, matches);
  PatternIndex::Outcome outcome;
  impl_->patterns.match_url(url, impl_->budget, outcome);
  impl_->take(outcome, {}, matches);
  impl_->match_searches(url, matches);
  std::sort(matches.unclear.begin(), matches.unclear.end());
  matches.unclear.erase(std::unique(matches.unclear.begin(), matches.unclear.end()), matches.unclear.end());
}

Ruleset::Size Ruleset::size() const { return impl_->size; }

}  // namespace fairlead::rules::match
