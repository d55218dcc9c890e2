#pragma once
// Which sites carry the address of another inside their own, and where (carriers.yaml); which parameters only mention
// one. Built once, then const; usable from any thread.

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/catalog/values.hpp"
#include "rules/match/host_table.hpp"
#include "rules/match/names/host_suffixes.hpp"
#include "rules/match/search_engines.hpp"
#include "rules/url/canonical_url.hpp"
#include "rules/url/inner_url.hpp"

namespace fairlead::rules::match {

class Carriers {
 public:
  Carriers() = default;
  /// Borrows both, which outlive this object.
  Carriers(const catalog::Catalog& catalog, const SearchEngines& engines);

  /// The addresses inside `url`, those that it only mentions too; not those in the words of a search, nor in a place
  /// that is known to say nothing of what is fetched. No allocation when there is none and the site is no carrier.
  [[nodiscard]] url::InnerUrls find(const url::CanonicalUrl& url, const HostSuffixes& suffixes) const;

 private:
  [[nodiscard]] bool is_carrier(const HostSuffixes& suffixes) const;
  /// False when all of `url` only mentions.
  [[nodiscard]] bool add_mentions(const url::CanonicalUrl& url, const HostSuffixes& suffixes,
                                  url::InnerPlaces& places) const;
  void add_carriers(const url::CanonicalUrl& url, const HostSuffixes& suffixes, url::InnerPlaces& places) const;

  const catalog::Catalog* catalog_ = nullptr;  // none: nothing is known
  const SearchEngines* engines_ = nullptr;
  HostTable carriers_, mentions_;  // → the catalog's
};

}  // namespace fairlead::rules::match
