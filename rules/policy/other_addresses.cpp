// The decision on a request: what the five levels say of the URL itself, and of the addresses that it stands for as
// well. The stricter verdict wins; what opens the URL by name (a protected service, an exception) is not closed by what
// it carries.

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>

#include "rules/policy/impl.hpp"
#include "rules/url/inner_url.hpp"

namespace fairlead::rules::policy {
namespace {

using catalog::Severity;

/// A mention is no visit: rules of less weight, and all that are only counted, do not close the page that mentions. A
/// site that is known to fetch what it is told stands for what it fetches.
bool counts(const Decision& inner, bool carried) {
  const catalog::Category* category = inner.category();
  if (category != nullptr && category->quiet) return false;
  if (carried) return inner.verdict != Verdict::allow;
  if (inner.verdict != Verdict::block) return false;
  if (inner.level == Level::exception) return true;
  return category != nullptr && (category->statutory || category->severity >= Severity::medium);
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

/// A page that holds more addresses than are looked at cannot be cleared.
void refuse_unread(Decision& decision) {
  decision.verdict = Verdict::block;
  decision.undecided = true;
  decision.about = About::inner;
}

}  // namespace

Decision Rules::decide(const url::CanonicalUrl& url, std::uint16_t group, std::chrono::sys_seconds now,
                       const match::Context& context) const {
  const match::HostSuffixes suffixes(url);
  Decision decision = decide_by_levels(*impl_, url, suffixes, group, now, context);
  if (decision.verdict == Verdict::block || decision.level == Level::protected_service) return decision;

  const url::InnerUrls inner = impl_->carriers.find(url, suffixes);
  if (inner.found.empty()) return decision;
  const bool excepted = decision.level == Level::exception;
  url::CanonicalUrl canonical;
  for (const url::InnerUrl& one : inner.found) {
    if (!url::read_inner_url(one, canonical)) continue;
    Decision other = decide_by_levels(*impl_, canonical, match::HostSuffixes(canonical), group, now, {});
    // An exception opens a site with all it shows, but no exception opens what the law closes.
    const bool heard = excepted ? one.carried && other.level == Level::statutory : counts(other, one.carried);
    if (heard && weight(other) > weight(decision))
      replace(decision, std::move(other), About::inner, std::string(canonical.href()));
  }
  if (inner.too_many && !excepted && decision.verdict != Verdict::block) refuse_unread(decision);
  return decision;
}

}  // namespace fairlead::rules::policy
