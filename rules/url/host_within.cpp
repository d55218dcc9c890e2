#include "rules/url/host_within.hpp"

#include <algorithm>
#include <array>

#include "rules/base/text.hpp"
#include "rules/url/host.hpp"
#include "rules/url/unicode.hpp"

namespace fairlead::rules::url {
namespace {

constexpr std::array<std::string_view, 3> kWriters = {"translate.goog", "cdn.ampproject.org", "bing-amp.com"};

}  // namespace

std::string host_within(std::string_view host) {
  const auto* const writer = std::find_if(kWriters.begin(), kWriters.end(), [host](std::string_view name) {
    return host.size() > name.size() && text::is_host_or_below(host, name);
  });
  if (writer == kWriters.end()) return {};
  std::string label;
  if (!append_domain_to_unicode(host.substr(0, host.size() - writer->size() - 1), label)) return {};
  std::string_view written = label;
  if (written.starts_with("0-")) written.remove_prefix(2);
  if (written.ends_with("-0")) written.remove_suffix(2);
  std::string site;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const bool doubled = written[i] == '-' && i + 1 < written.size() && written[i + 1] == '-';
    site += written[i] == '-' && !doubled ? '.' : written[i];
    if (doubled) ++i;
  }
  std::string canonical;
  if (site.find('.') == std::string::npos || !canonical_host(site, canonical)) return {};
  return canonical;
}

}  // namespace fairlead::rules::url
