#pragma once
// The addresses that a URL carries inside its own: a translator, a cache, an image proxy or a link wrapper is asked for
// another site that way. Finds them; what follows from them is for rules/policy. Pure; usable from any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::url {

/// An address inside another.
struct InnerUrl {
  std::string text;      // "http://host/path", as it was found; not canonical yet, at most kMostInnerBytes
  bool carried = false;  // stands where the site is known to carry the one it will fetch; else it is only mentioned
};

/// What is known of a site, for one URL of it. Views into what the caller keeps.
struct InnerPlaces {
  std::vector<std::string_view> carrying;  // names of parameters that hold an address, with a scheme or without
  std::vector<std::string_view> silent;    // names of parameters that say nothing about what is fetched
  std::string_view carried_path;           // the end of url.path(), behind a path that carries an address; or empty
};

/// No more are looked at in one URL, and no more of one: everything else is "too many".
inline constexpr std::size_t kMostInnerUrls = 64;
inline constexpr std::size_t kMostInnerBytes = 2048;

struct InnerUrls {
  std::vector<InnerUrl> found;  // each once, at most kMostInnerUrls
  bool too_many = false;        // there are more, which nobody has looked at
};

/// Whether find_inner_urls() could find one in the path and query without knowing the site. Cheap; asks for no memory.
[[nodiscard]] bool may_hold_inner_url(const CanonicalUrl& url);

/// Finds, after none, one and two percent-decodings of the path and of each parameter: "http:" and "https:" with what
/// follows, "//host" at the begin of a value and in the path; and where `places` says so, bare hosts. What is found is
/// not decoded any further. Cost: O(bytes).
[[nodiscard]] InnerUrls find_inner_urls(const CanonicalUrl& url, const InnerPlaces& places);

/// Reads what was found. Where a browser would not take the whole, the host alone is read.
/// False when there is no host in it that could be asked.
[[nodiscard]] bool read_inner_url(const InnerUrl& inner, CanonicalUrl& out);

}  // namespace fairlead::rules::url
