#pragma once
// Whether an Adblock filter holds for a request, read off the published syntax in the plainest way, without any index:
// slow and easy to check. What fast matchers are held against. For tests only.
// Source: help.adblockplus.org, "How to write filters"

#include <re2/re2.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "rules/base/text.hpp"
#include "rules/catalog/imports/filter.hpp"
#include "rules/url/canonical_url.hpp"
#include "rules/url/public_suffix.hpp"

namespace fairlead::rules::catalog {

struct PlainRequest {
  const url::CanonicalUrl& url;
  ResourceType type = ResourceType::other;
  std::string page_host;  // canonical; empty: not known
};

class PlainFilterMatcher {
 public:
  PlainFilterMatcher(const Filter& filter, const PlainRequest& request) : filter_(filter), request_(request) {
    url_ = request.url.href();
    if (!filter.match_case) text::lower_in_place(url_);
  }

  [[nodiscard]] bool matches() const {
    return (filter_.types & bit_of(request_.type)) != 0 && party_fits() && page_fits() && url_fits();
  }

 private:
  [[nodiscard]] bool party_fits() const {
    if (filter_.party == Party::any) return true;
    if (request_.page_host.empty()) return false;
    const bool is_first = url::registrable_domain(request_.url.host()) == url::registrable_domain(request_.page_host);
    return (filter_.party == Party::first) == is_first;
  }

  /// The longest domain that the page lies in says whether the filter speaks.
  [[nodiscard]] bool page_fits() const {
    std::size_t yes = 0;
    std::size_t no = 0;
    for (const std::string& domain : filter_.domains)
      if (text::is_host_or_below(request_.page_host, domain)) yes = std::max(yes, domain.size());
    for (const std::string& domain : filter_.not_domains)
      if (text::is_host_or_below(request_.page_host, domain)) no = std::max(no, domain.size());
    if (filter_.domains.empty()) return no == 0;
    return yes > no;
  }

  [[nodiscard]] bool url_fits() const {
    if (!filter_.re2.empty()) {
      RE2::Options options;
      options.set_case_sensitive(filter_.match_case);
      return RE2::PartialMatch(url_, RE2(filter_.re2, options));
    }
    if (filter_.at_begin) return fits_at(0, 0);
    if (!filter_.at_host_label) {
      for (std::size_t at = 0; at <= url_.size(); ++at)
        if (fits_at(at, 0)) return true;
      return false;
    }
    const std::size_t host = url_.find("://") + 3;
    const std::size_t end = host + request_.url.host().size();
    for (std::size_t at = host; at < end; ++at)
      if ((at == host || url_[at - 1] == '.') && fits_at(at, 0)) return true;
    return false;
  }

  /// Does the pattern from `in_pattern` on hold for the URL from `at` on?
  [[nodiscard]] bool fits_at(std::size_t at, std::size_t in_pattern) const {
    const std::string_view pattern = filter_.pattern;
    if (in_pattern == pattern.size()) return !filter_.at_end || at == url_.size();
    const char c = pattern[in_pattern];
    if (c == '*') {
      for (std::size_t next = at; next <= url_.size(); ++next)
        if (fits_at(next, in_pattern + 1)) return true;
      return false;
    }
    if (at == url_.size()) return c == '^' && fits_at(at, in_pattern + 1);
    return (c == '^' ? is_separator(url_[at]) : c == url_[at]) && fits_at(at + 1, in_pattern + 1);
  }

  /// "Anything but a letter, a digit, or one of _ - . %"
  [[nodiscard]] static bool is_separator(char c) {
    return static_cast<unsigned char>(c) < 0x80 && !text::is_alnum(c) &&
           std::string_view("_-.%").find(c) == std::string_view::npos;
  }

  const Filter& filter_;
  const PlainRequest& request_;
  std::string url_;
};

}  // namespace fairlead::rules::catalog
