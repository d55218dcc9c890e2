// The decision on a request: what the five levels say of the URL itself, of the name that its name looks like and of
// the addresses that it carries inside. The stricter verdict wins; what opens the URL by name (a protected service, an
// exception) is not closed by what it carries.

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "rules/policy/impl.hpp"
#include "rules/url/inner_url.hpp"
#include "rules/url/look_alike.hpp"
#include "rules/url/public_suffix.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Severity;

bool is_opened_by_name(const Decision& decision) {
  return decision.level == Level::protected_service || decision.level == Level::exception;
}

bool is_quiet(const Decision& decision) { return decision.category() != nullptr && decision.category()->quiet; }

/// A mention is no visit, and an alias may be shared by many: rules of less weight, and all that are only counted, do
/// not close the page for them.
bool closes_by_mention(const Decision& other) {
  if (other.verdict != Verdict::block || is_quiet(other)) return false;
  if (other.level == Level::exception) return true;
  const catalog::Category* category = other.category();
  return category != nullptr && (category->statutory || category->severity >= Severity::medium);
}

/// A site that is known to fetch what it is told stands for what it fetches.
bool counts(const Decision& inner, bool carried) {
  return carried ? inner.verdict != Verdict::allow && !is_quiet(inner) : closes_by_mention(inner);
}

/// How much a decision weighs among others: the verdict, statutory before all, the severity.
auto weight(const Decision& decision) {
  const catalog::Category* category = decision.category();
  return std::tuple(decision.verdict, category != nullptr && category->statutory,
                    category == nullptr ? Severity::low : category->severity);
}

/// Puts `other` in the place of `decision`, whose rules become losers.
void replace(Decision& decision, Decision other, About about, std::string address) {
  if (other.winner) other.winner->address = address;
  for (Candidate& loser : other.losers) loser.address = address;
  if (decision.winner) other.losers.push_back(std::move(*decision.winner));
  std::move(decision.losers.begin(), decision.losers.end(), std::back_inserter(other.losers));
  other.about = about;
  other.address = std::move(address);
  decision = std::move(other);
}

/// One question: for whom and when.
class Judge {
 public:
  Judge(const Rules::Impl& impl, std::uint16_t group, std::chrono::sys_seconds now)
      : impl_(impl), group_(group), now_(now) {}

  /// Of the URL by itself, and of the name that it looks like.
  [[nodiscard]] Decision of(const url::CanonicalUrl& url, const match::HostSuffixes& suffixes,
                            const match::Context& context) const {
    Decision decision = decide_by_levels(impl_, url, suffixes, group_, now_, context);
    if (decision.verdict == Verdict::block || is_opened_by_name(decision)) return decision;
    if (is_refused_literal(url)) refuse_literal(decision);
    for (const std::string& name : url::look_alikes(url.host())) hear_look_alike(name, url, decision);
    return decision;
  }

  void hear_inner(const url::InnerUrls& inner, Decision& decision) const;

 private:
  [[nodiscard]] bool is_refused_literal(const url::CanonicalUrl& url) const;
  static void refuse_literal(Decision& decision);
  void hear_look_alike(const std::string& name, const url::CanonicalUrl& url, Decision& decision) const;
  [[nodiscard]] const catalog::Position* imitated(const Decision& twin, const match::HostSuffixes& suffixes) const;
  [[nodiscard]] Decision phishing(const std::string& name, std::string_view host, const catalog::Position& at) const;

  const Rules::Impl& impl_;
  std::uint16_t group_;
  std::chrono::sys_seconds now_;
};

bool Judge::is_refused_literal(const url::CanonicalUrl& url) const {
  const catalog::Network& network = impl_.catalog.policy.network;
  if (url.host_kind() == url::HostKind::name || network.address_targets) return false;
  const auto& allowed = network.allowed_addresses;
  return !url::is_local_address(url.host()) &&
         std::none_of(allowed.begin(), allowed.end(),
                      [&](const url::AddressRange& range) { return range.holds(url.host()); });
}

void Judge::refuse_literal(Decision& decision) {
  if (decision.winner) decision.losers.insert(decision.losers.begin(), std::move(*decision.winner));
  decision.winner.reset();
  decision.words.clear();
  decision.level = Level::group_default;
  decision.verdict = Verdict::block;
  decision.ip_literal = true;
}

/// The name that must not be imitated: a protected service's, or one of protected.yaml's list, under any public suffix.
const catalog::Position* Judge::imitated(const Decision& twin, const match::HostSuffixes& suffixes) const {
  if (impl_.phishing == nullptr) return nullptr;
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    if (const auto found = impl_.imitated_hosts.find(suffixes[i]); !found.empty())
      return &impl_.catalog.imitated[found.front()].at;
    if (const auto found = impl_.protected_hosts.find(suffixes[i]); !found.empty())
      return &impl_.catalog.protected_services[found.front()].at;
  }
  const std::string_view label = label_of_owner(suffixes[0].text);
  const bool known =
      std::binary_search(impl_.imitated_labels.begin(), impl_.imitated_labels.end(), label, std::less<>());
  return known && twin.level != Level::exception ? &impl_.phishing->at : nullptr;
}

Decision Judge::phishing(const std::string& name, std::string_view host, const catalog::Position& at) const {
  Decision decision;
  decision.group = group_ < impl_.catalog.policy.groups.size() ? group_ : impl_.catalog.policy.unknown_group;
  const auto number = static_cast<std::size_t>(impl_.phishing - impl_.catalog.categories.data());
  Candidate candidate;
  candidate.level = Level::category;
  candidate.asks = action_now(impl_, decision.group, number, now_);
  candidate.category = impl_.phishing;
  candidate.kind = RuleKind::host;
  candidate.rule = name;
  candidate.because = "Its letters look like those of this name.";
  if (at.file < impl_.catalog.files.size()) candidate.file = impl_.catalog.files[at.file];
  candidate.line = at.line;
  candidate.span = host;
  decision.level = Level::category;
  decision.verdict = candidate.asks;
  decision.winner = std::move(candidate);
  return decision;
}

void Judge::hear_look_alike(const std::string& name, const url::CanonicalUrl& url, Decision& decision) const {
  url::CanonicalUrl twin;
  const std::string authority = name + (url.has_default_port() ? "" : ":" + std::to_string(url.port()));
  if (!twin.assign_origin_form(url.scheme(), authority, url.path_and_query())) return;
  const match::HostSuffixes suffixes(twin);
  Decision other = decide_by_levels(impl_, twin, suffixes, group_, now_, {});
  if (const catalog::Position* at = imitated(other, suffixes); at != nullptr) other = phishing(name, url.host(), *at);
  if (weight(other) > weight(decision))
    replace(decision, std::move(other), About::look_alike, std::string(twin.href()));
}

void Judge::hear_inner(const url::InnerUrls& inner, Decision& decision) const {
  const bool excepted = decision.level == Level::exception;
  url::CanonicalUrl canonical;
  for (const url::InnerUrl& one : inner.found) {
    if (!url::read_inner_url(one, canonical)) continue;
    Decision other = of(canonical, match::HostSuffixes(canonical), {});
    // An exception opens a site with all it shows, but no exception opens what the law closes.
    const bool heard = excepted ? one.carried && other.level == Level::statutory : counts(other, one.carried);
    if (heard && weight(other) > weight(decision))
      replace(decision, std::move(other), About::inner, std::string(canonical.href()));
  }
  if (!inner.too_many || excepted || decision.verdict == Verdict::block) return;
  decision.verdict = Verdict::block;  // a page that holds more addresses than are looked at cannot be cleared
  decision.undecided = true;
  decision.about = About::inner;
}

}  // namespace

Decision Rules::decide(const url::CanonicalUrl& url, std::uint16_t group, std::chrono::sys_seconds now,
                       const match::Context& context) const {
  const Judge judge(*impl_, group, now);
  const match::HostSuffixes suffixes(url);
  Decision decision = judge.of(url, suffixes, context);
  if (decision.verdict == Verdict::block || decision.level == Level::protected_service) return decision;
  if (const url::InnerUrls inner = impl_->carriers.find(url, suffixes); !inner.found.empty())
    judge.hear_inner(inner, decision);
  return decision;
}

Decision Rules::decide_alias(const url::CanonicalUrl& alias, std::uint16_t group, std::chrono::sys_seconds now) const {
  Decision decision, other = decide_address(alias, group, now);
  decision.group = other.group;
  if (closes_by_mention(other)) replace(decision, std::move(other), About::alias, std::string(alias.href()));
  return decision;
}

Decision Rules::decide_address(const url::CanonicalUrl& address, std::uint16_t group,
                               std::chrono::sys_seconds now) const {
  return decide_by_levels(*impl_, address, match::HostSuffixes(address), group, now, {});
}

}  // namespace fairlead::rules::policy
