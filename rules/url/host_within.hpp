#pragma once
// Names in which a translator or an AMP cache writes the site that it stands for. Pure; usable from any thread.

#include <string>
#include <string_view>

namespace fairlead::rules::url {

/// The site that is written into a host: "www-site-example.translate.goog" stands for www.site.example.
/// host     canonical.
/// Returns  a host in canonical form; empty for every other host, and for a name that is only a digest of the site's.
/// Source   the AMP project's rules for cache names: '.' is written '-', '-' is "--"; "0-" in front and "-0" behind
///          where the third and fourth letters would be "--".
[[nodiscard]] std::string host_within(std::string_view host);

}  // namespace fairlead::rules::url
