#pragma once
// Whether a path rule speaks about a path. Shared by categories and exceptions; pure.

#include <string>
#include <string_view>

#include "rules/match/match.hpp"
#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::match {

/// A path as it stands in a rule, and as a lenient origin would read it.
class PathRule {
 public:
  /// path  canonical, begins with '/'; a '/' at its end says nothing ("/casino/" is "/casino").
  PathRule(std::string_view host, std::string_view path);

  /// Block rules hold when *either* reading of the URL lies under the rule, in any case of letters, since origins
  /// differ in how they read "//", ";x", "%2F" and case. Allow rules hold only when *both* do, letter by letter: what
  /// one origin reads as "/help" another may read as "/casino".
  [[nodiscard]] bool speaks_about(const url::CanonicalUrl& url, Part part) const;
  [[nodiscard]] std::string_view path() const { return path_; }
  [[nodiscard]] std::string_view origin_path() const { return origin_path_; }

 private:
  std::string path_, origin_path_;
};

}  // namespace fairlead::rules::match
