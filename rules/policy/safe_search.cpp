#include "rules/policy/safe_search.hpp"

#include <algorithm>

#include "rules/base/text.hpp"
#include "rules/policy/impl.hpp"
#include "rules/url/words.hpp"

namespace fairlead::rules::policy {
namespace {

constexpr std::string_view kAnyCountry = ".{}";

/// "de", which is what countries are called at the end of a name; other two-letter endings there are none.
bool is_country(std::string_view label) {
  return label.size() == 2 && text::is_alpha(label.front()) && text::is_alpha(label.back());
}

/// What stands before the country part ("de", "co.uk", "com.au") of a host; empty when it ends in none. Stricter than
/// for search words: sent to the wrong host, an ordinary site of the same name (google.org) would not open.
std::string_view before_country(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  if (dot == std::string_view::npos || !is_country(host.substr(dot + 1))) return {};
  const std::string_view rest = host.substr(0, dot);
  if (rest.ends_with(".co")) return rest.substr(0, rest.size() - 3);
  if (rest.ends_with(".com")) return rest.substr(0, rest.size() - 4);
  return rest;
}

}  // namespace

SafeSearchHosts::SafeSearchHosts(const std::vector<catalog::SafeSearchEngine>& engines) {
  for (std::size_t i = 0; i < engines.size(); ++i) {
    for (const std::string_view host : engines[i].hosts) {
      const std::string_view name = text::without_www(host);
      if (name.ends_with(kAnyCountry)) {
        before_country_.emplace(name.substr(0, name.size() - kAnyCountry.size()), i);
      } else {
        whole_.emplace(name, i);
      }
    }
  }
}

std::size_t SafeSearchHosts::find(std::string_view host) const {
  const std::string_view name = text::without_www(host);
  if (const auto found = whole_.find(name); found != whole_.end()) return found->second;
  if (before_country_.empty()) return kNone;
  const auto found = before_country_.find(before_country(name));
  return found == before_country_.end() ? kNone : found->second;
}

std::string_view safe_host_of(const catalog::SafeSearchEngine& engine, const catalog::SafeSearch& group) {
  if (!engine.has_levels()) return group.engines ? std::string_view(engine.strict) : std::string_view();
  switch (group.youtube) {
    case catalog::Restriction::off:
      return {};
    case catalog::Restriction::moderate:
      return engine.moderate;
    case catalog::Restriction::strict:
      break;
  }
  return engine.strict;
}

Result<void> force_parameter(const catalog::SafeSearchEngine& engine, url::CanonicalUrl& url) {
  std::string_view query = url.query();
  if (engine.parameter.empty() || query.empty()) return {};
  std::string text(url.href().substr(0, url.href().size() - query.size()));
  std::string name;
  for (bool more = true; more;) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    url::fold_words(pair.substr(0, pair.find('=')), name);  // an escaped name is still that name to the engine
    if (!text::equals_ignoring_case(name, engine.parameter)) text.append(pair).append("&");
    more = end != std::string_view::npos;
    if (more) query.remove_prefix(end + 1);
  }
  text.append(engine.parameter).append("=").append(engine.value);
  return url.assign(text);
}

SafeSearch Rules::safe_search(const url::CanonicalUrl& url, std::uint16_t group) const {
  if (url.host_kind() != url::HostKind::name) return {};
  const std::size_t number = impl_->safe_search_hosts.find(url.host());
  if (number == SafeSearchHosts::kNone) return {};
  const catalog::PolicyFile& policy = impl_->catalog.policy;
  const catalog::Group& asked = policy.groups[group < policy.groups.size() ? group : policy.unknown_group];
  const catalog::SafeSearchEngine& engine = impl_->catalog.safe_search[number];
  return {&engine, safe_host_of(engine, asked.safe_search)};
}

}  // namespace fairlead::rules::policy
