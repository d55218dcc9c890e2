#include "rules/policy/inspection.hpp"

#include <algorithm>

#include "rules/base/text.hpp"
#include "rules/catalog/never_inspected.hpp"
#include "rules/policy/impl.hpp"

namespace fairlead::rules::policy {
namespace {

Inspection asked_for(const Rules::Impl& impl, std::string_view host) {
  const catalog::Inspect& inspect = impl.catalog.policy.inspect;
  const auto names = [&](const catalog::HostRule& rule) { return text::is_host_or_below(host, rule.host); };
  if (std::any_of(inspect.hosts.begin(), inspect.hosts.end(), names)) return Inspection::named;
  if (inspect.search && impl.ruleset->search_engines().is_engine(host)) return Inspection::search_engine;
  return Inspection::not_asked;
}

bool is_protected(const Rules::Impl& impl, const match::HostSuffixes& suffixes) {
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    if (!impl.protected_hosts.find(suffixes[i]).empty()) return true;
  }
  return false;
}

}  // namespace

std::string_view to_string(Inspection inspection) {
  switch (inspection) {
    case Inspection::not_asked:
      return "no";
    case Inspection::search_engine:
      return "yes, a search engine";
    case Inspection::named:
      return "yes, policy.yaml names it";
    case Inspection::never:
      return "no: the policy asks for it, but banks, health, government, counselling, sign-in pages and protected "
             "services "
             "are never read";
  }
  return "no";
}

Inspection Rules::inspection_of(std::string_view host, url::HostKind kind) const {
  const Inspection asked = asked_for(*impl_, host);
  if (asked == Inspection::not_asked) return asked;
  const bool never = !catalog::never_inspected(host).empty() || is_protected(*impl_, match::HostSuffixes(host, kind));
  return never ? Inspection::never : asked;
}

}  // namespace fairlead::rules::policy
