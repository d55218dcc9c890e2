// The five levels of precedence. Every rule that speaks becomes a candidate; the strongest wins, the others are kept as
// losers.

#include <algorithm>
#include <compare>
#include <cstdint>
#include <utility>

#include "rules/policy/impl.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Action;
using catalog::GroupAction;
using catalog::Severity;
using match::Exactness;
using match::Match;
using match::Part;

constexpr std::string_view kUnclear = "A limit was reached before every pattern of this category was tried.";

/// What a whole category asks for, from 3 down; 0 when an allow rule of its own leaves the URL alone.
std::uint8_t strength_of(Action action) { return static_cast<std::uint8_t>(static_cast<std::uint8_t>(action) + 1); }

struct Ranked {
  Candidate candidate;
  std::uint8_t strength = 0;
  Severity severity = Severity::low;
  Exactness of_category, of_rule;  // the category's most exact rule; this one
  std::uint16_t category = 0;
  const GroupAction* action = nullptr;  // level 4
  const Match* match = nullptr;         // none: protected, exception, unclear
  bool unclear = false;
};

/// True when `a` comes before `b`.
bool stronger(const Ranked& a, const Ranked& b) {
  if (a.candidate.level != b.candidate.level) return a.candidate.level < b.candidate.level;
  if (a.candidate.level == Level::exception) {
    // The most specific URL wins; block beats allow at equal specificity.
    if (a.of_rule != b.of_rule) return a.of_rule > b.of_rule;
    return a.strength > b.strength;
  }
  if (a.strength != b.strength) return a.strength > b.strength;
  if (a.severity != b.severity) return a.severity > b.severity;
  if (a.of_category != b.of_category) return a.of_category > b.of_category;
  if (a.category != b.category) return a.category < b.category;
  if (a.of_rule != b.of_rule) return a.of_rule > b.of_rule;
  return a.candidate.asks < b.candidate.asks;  // inside a category, allow wins a tie
}

const GroupAction& action_of(const catalog::Group& group, std::size_t category) {
  static constexpr GroupAction kBlock{};
  return category < group.actions.size() ? group.actions[category] : kBlock;
}

/// Gathers the candidates of one decision.
class Bench {
 public:
  Bench(const Rules::Impl& impl, std::uint16_t group, std::chrono::sys_seconds now)
      : impl_(impl), group_number_(group), group_(impl.catalog.policy.groups[group]), now_(now) {}

  void hear_categories(const match::Matches& matches);
  void hear_protected(const match::HostSuffixes& suffixes);
  void hear_exceptions(const url::CanonicalUrl& url, const match::HostSuffixes& suffixes);

  [[nodiscard]] bool silent() const { return ranked_.empty(); }
  void conclude(Decision& decision);

 private:
  [[nodiscard]] const GroupAction& action_for(std::uint16_t category) const;
  [[nodiscard]] Action now_for(std::uint16_t category) const {
    return action_now(impl_, group_number_, category, now_);
  }
  [[nodiscard]] std::optional<std::chrono::sys_seconds> opens_at() const;
  void hear_match(const Match& match, const Match& speaker);
  void hear_unclear(std::uint16_t category);
  void set_place(Candidate& candidate, const catalog::Position& at) const;

  const Rules::Impl& impl_;
  std::uint16_t group_number_;
  const catalog::Group& group_;
  std::chrono::sys_seconds now_;
  std::vector<Ranked> ranked_;
};

const GroupAction& Bench::action_for(std::uint16_t category) const { return action_of(group_, category); }

void Bench::set_place(Candidate& candidate, const catalog::Position& at) const {
  if (at.file < impl_.catalog.files.size()) candidate.file = impl_.catalog.files[at.file];
  candidate.line = at.line;
}

void Bench::hear_match(const Match& match, const Match& speaker) {
  const match::Rule& rule = match.rule;
  const catalog::Category& category = impl_.catalog.categories[rule.category];
  Ranked ranked;
  ranked.candidate = {category.statutory ? Level::statutory : Level::category,
                      Action::allow,
                      &category,
                      match.kind,
                      rule.name,
                      rule.pattern,
                      rule.because,
                      {},
                      0,
                      match.span,
                      {}};
  ranked.candidate.file = rule.file;
  ranked.candidate.line = rule.line;
  ranked.severity = category.severity;
  ranked.of_category = speaker.exactness;
  ranked.of_rule = match.exactness;
  ranked.category = rule.category;
  ranked.match = &match;
  ranked.action = &action_for(rule.category);
  const Action action = category.statutory ? Action::block : now_for(rule.category);
  if (rule.part == Part::block) ranked.candidate.asks = action;
  ranked.strength = speaker.rule.part == Part::block ? strength_of(action) : std::uint8_t{0};
  ranked_.push_back(std::move(ranked));
}

void Bench::hear_unclear(std::uint16_t number) {
  const catalog::Category& category = impl_.catalog.categories[number];
  if (!category.statutory && category.severity < Severity::high) return;
  Ranked ranked;
  ranked.candidate.level = category.statutory ? Level::statutory : Level::category;
  ranked.candidate.category = &category;
  ranked.candidate.because = kUnclear;
  set_place(ranked.candidate, category.at);
  ranked.severity = category.severity;
  ranked.category = number;
  ranked.action = &action_for(number);
  ranked.candidate.asks = category.statutory ? Action::block : now_for(number);
  ranked.strength = strength_of(ranked.candidate.asks);
  ranked.unclear = true;
  ranked_.push_back(std::move(ranked));
}

void Bench::hear_categories(const match::Matches& matches) {
  for (const Match& match : matches.found) hear_match(match, *strongest_in(matches, match.rule.category));
  for (const std::uint16_t category : matches.unclear) {
    // A rule that matched has settled the category: it is at least as exact as the patterns given up.
    if (strongest_in(matches, category) == nullptr) hear_unclear(category);
  }
}

void Bench::hear_protected(const match::HostSuffixes& suffixes) {
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    const match::HostSuffix suffix = suffixes[i];
    for (const std::uint32_t number : impl_.protected_hosts.find(suffix)) {
      const catalog::Protected& service = impl_.catalog.protected_services[number];
      const bool whole = i == 0;
      Ranked ranked;
      ranked.candidate.level = Level::protected_service;
      ranked.candidate.kind = whole ? RuleKind::host : RuleKind::parent_host;
      ranked.candidate.rule = service.host;
      ranked.candidate.because = service.because;
      ranked.candidate.span = suffix.text;
      set_place(ranked.candidate, service.at);
      ranked.of_category = ranked.of_rule = match::exactness_of_host(suffix.text, whole);
      ranked.strength = strength_of(Action::allow);
      ranked_.push_back(std::move(ranked));
    }
  }
}

void Bench::hear_exceptions(const url::CanonicalUrl& url, const match::HostSuffixes& suffixes) {
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    const match::HostSuffix suffix = suffixes[i];
    for (const std::uint32_t number : impl_.exception_hosts.find(suffix)) {
      const catalog::Exception& exception = impl_.catalog.policy.exceptions[number];
      const Rules::Impl::ExceptionRule& rule = impl_.exceptions[number];
      if (now_ >= exception.expires) continue;
      if (std::find(exception.groups.begin(), exception.groups.end(), group_number_) == exception.groups.end())
        continue;
      const Part part = exception.action == Action::block ? Part::block : Part::allow;
      if (!rule.whole_host && !rule.path.speaks_about(url, part)) continue;
      const bool whole = i == 0;
      Ranked ranked;
      ranked.candidate.level = Level::exception;
      ranked.candidate.asks = exception.action;
      ranked.candidate.kind = !rule.whole_host ? RuleKind::path : whole ? RuleKind::host : RuleKind::parent_host;
      ranked.candidate.rule = rule.name;
      ranked.candidate.because = exception.reason;
      ranked.candidate.span = rule.name;
      set_place(ranked.candidate, exception.at);
      ranked.of_category = ranked.of_rule = rule.whole_host ? match::exactness_of_host(suffix.text, whole)
                                                            : match::exactness_of_path(suffix.text, rule.path.path());
      ranked.strength = strength_of(exception.action);
      ranked_.push_back(std::move(ranked));
    }
  }
}

/// When every category that blocks now will have opened; none while one of them has no schedule that opens it.
std::optional<std::chrono::sys_seconds> Bench::opens_at() const {
  constexpr int kMostRounds = 32;
  std::chrono::sys_seconds moment = now_;
  for (int round = 0; round < kMostRounds; ++round) {
    const std::chrono::sys_seconds before = moment;
    for (const Ranked& ranked : ranked_) {
      if (ranked.strength != strength_of(Action::block)) continue;
      if (ranked.action == nullptr || !ranked.action->schedule || ranked.action->during == Action::block) return {};
      const auto next = next_open(impl_.catalog.policy.schedules[*ranked.action->schedule], *impl_.zone, moment);
      if (!next) return {};
      moment = *next;
    }
    if (moment == before) return moment;
  }
  return {};
}

void Bench::conclude(Decision& decision) {
  std::stable_sort(ranked_.begin(), ranked_.end(), stronger);
  const bool decided = ranked_.front().strength > 0;  // 0: all are left alone by rules of their own categories
  if (decided) {
    const Ranked& first = ranked_.front();
    decision.level = first.candidate.level;
    decision.verdict = first.candidate.asks;
    decision.undecided = first.unclear && decision.verdict == Verdict::block;
    if (first.candidate.kind == RuleKind::search) decision.words = first.match->words;
    if (decision.level == Level::category && decision.verdict == Verdict::block) decision.opens_at = opens_at();
    decision.winner = first.candidate;
  }
  for (std::size_t i = decided ? 1 : 0; i < ranked_.size(); ++i) {
    decision.losers.push_back(std::move(ranked_[i].candidate));
  }
}

}  // namespace

const match::Match* strongest_in(const match::Matches& matches, std::uint16_t category) {
  const Match* best = nullptr;
  for (const Match& match : matches.found) {
    if (match.rule.category != category) continue;
    if (best == nullptr || match.exactness > best->exactness ||
        (match.exactness == best->exactness && match.rule.part == Part::allow && best->rule.part == Part::block)) {
      best = &match;
    }
  }
  return best;
}

Action action_now(const Rules::Impl& impl, std::uint16_t group, std::size_t category, std::chrono::sys_seconds now) {
  const catalog::PolicyFile& policy = impl.catalog.policy;
  const GroupAction& action = action_of(policy.groups[group], category);
  if (!action.schedule) return action.otherwise;
  return is_open(policy.schedules[*action.schedule], *impl.zone, now) ? action.during : action.otherwise;
}

Decision decide_by_levels(const Rules::Impl& impl, const url::CanonicalUrl& url, const match::HostSuffixes& suffixes,
                          std::uint16_t group, std::chrono::sys_seconds now, const match::Context& context) {
  const catalog::PolicyFile& policy = impl.catalog.policy;
  Decision decision;
  decision.group = group < policy.groups.size() ? group : policy.unknown_group;
  decision.verdict = policy.groups[decision.group].unlisted;

  match::Matches matches;
  impl.ruleset->classify(url, matches, context);
  Bench bench(impl, decision.group, now);
  bench.hear_categories(matches);
  bench.hear_protected(suffixes);
  bench.hear_exceptions(url, suffixes);
  if (!bench.silent()) bench.conclude(decision);
  return decision;
}

}  // namespace fairlead::rules::policy
