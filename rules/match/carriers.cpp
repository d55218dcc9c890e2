#include "rules/match/carriers.hpp"

#include <algorithm>
#include <string>

#include "rules/url/host_within.hpp"

namespace fairlead::rules::match {
namespace {

/// True when `path` is `prefix` or lies below it; "" is every path.
bool is_at_or_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

bool is_on_page(const url::CanonicalUrl& url, const std::vector<std::string>& paths) {
  return paths.empty() || std::any_of(paths.begin(), paths.end(),
                                      [&](const std::string& path) { return is_at_or_below(url.path(), path); });
}

void append(const std::vector<std::string>& names, std::vector<std::string_view>& out) {
  out.insert(out.end(), names.begin(), names.end());
}

}  // namespace

Carriers::Carriers(const catalog::Catalog& catalog, const SearchEngines& engines)
    : catalog_(&catalog), engines_(&engines) {
  for (std::uint32_t i = 0; i < catalog.carriers.size(); ++i) {
    for (const std::string& host : catalog.carriers[i].hosts) carriers_.add(host, i);
  }
  for (std::uint32_t i = 0; i < catalog.mentions.size(); ++i) {
    for (const std::string& host : catalog.mentions[i].hosts) mentions_.add(host, i);
  }
  carriers_.seal();
  mentions_.seal();
}

bool Carriers::is_carrier(const HostSuffixes& suffixes) const {
  if (carriers_.empty()) return false;
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    if (!carriers_.find(suffixes[i]).empty()) return true;
  }
  return false;
}

bool Carriers::add_mentions(const url::CanonicalUrl& url, const HostSuffixes& suffixes,
                            url::InnerPlaces& places) const {
  engines_->append_params(url, places.silent);
  for (const catalog::Mention& mention : catalog_->mentions) {
    if (mention.hosts.empty() && is_on_page(url, mention.paths)) append(mention.params, places.silent);
  }
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    for (const std::uint32_t number : mentions_.find(suffixes[i])) {
      const catalog::Mention& mention = catalog_->mentions[number];
      if (!is_on_page(url, mention.paths)) continue;
      if (mention.params.empty()) return false;
      append(mention.params, places.silent);
    }
  }
  return true;
}

void Carriers::add_carriers(const url::CanonicalUrl& url, const HostSuffixes& suffixes,
                            url::InnerPlaces& places) const {
  for (std::size_t i = 0; i < suffixes.size(); ++i) {
    for (const std::uint32_t number : carriers_.find(suffixes[i])) {
      const catalog::Carrier& carrier = catalog_->carriers[number];
      if (is_on_page(url, carrier.paths)) append(carrier.params, places.carrying);
      for (const std::string& path : carrier.behind) {
        const bool longer = url.path().size() > path.size() + 1 + places.carried_path.size();
        if (longer && is_at_or_below(url.path(), path)) places.carried_path = url.path().substr(path.size() + 1);
      }
    }
  }
}

url::InnerUrls Carriers::find(const url::CanonicalUrl& url, const HostSuffixes& suffixes) const {
  url::InnerUrls inner;
  if (catalog_ == nullptr) return inner;
  if (is_carrier(suffixes) || url::may_hold_inner_url(url)) {
    url::InnerPlaces places;
    if (add_mentions(url, suffixes, places)) {
      add_carriers(url, suffixes, places);
      inner = url::find_inner_urls(url, places);
    }
  }
  if (const std::string host = url::host_within(url.host()); !host.empty()) {
    inner.found.push_back({"https://" + host + std::string(url.path_and_query()), true});
  }
  return inner;
}

}  // namespace fairlead::rules::match
