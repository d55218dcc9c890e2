#pragma once
// Which hosts belong to a search engine that can be held to its safe mode, and where its safe mode is. Built once, then
// const; usable from any number of threads.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/base/result.hpp"
#include "rules/catalog/values.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::policy {

/// What safe search says about one host for one group. Views and points into the Rules that said it.
struct SafeSearch {
  const catalog::SafeSearchEngine* engine = nullptr;  // null: the host belongs to no engine of safe_search.yaml
  std::string_view connect_to;                        // instead of the host; empty: nothing changes for this group
};

/// Host → the engine that it belongs to, by position in the catalog's list.
class SafeSearchHosts {
 public:
  SafeSearchHosts() = default;
  explicit SafeSearchHosts(const std::vector<catalog::SafeSearchEngine>& engines);

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// host  canonical. No allocation.
  [[nodiscard]] std::size_t find(std::string_view host) const;

 private:
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Table = std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>>;
  Table whole_;           // "bing.com"
  Table before_country_;  // "google" of "google.{}"
};

/// Where this engine keeps its safe mode, as the group wants it; empty when it goes without.
[[nodiscard]] std::string_view safe_host_of(const catalog::SafeSearchEngine& engine, const catalog::SafeSearch& group);

/// Makes the query say the engine's parameter exactly once, whatever it said before: in every other place, spelling or
/// escape its name goes. A URL without a query stays as it is: nothing is searched for.
/// Errors  as CanonicalUrl::assign(): the address became too long.
[[nodiscard]] Result<void> force_parameter(const catalog::SafeSearchEngine& engine, url::CanonicalUrl& url);

}  // namespace fairlead::rules::policy
