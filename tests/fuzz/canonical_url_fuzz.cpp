// Any bytes as a URL: what is accepted must be stable, and its parts must fit together.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rules/url/canonical_url.hpp"
#include "rules/url/host.hpp"
#include "rules/url/words.hpp"

namespace {

namespace url = fairlead::rules::url;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const url::CanonicalUrl& canonical) {
  require(!canonical.host().empty() && canonical.host().size() <= 253);
  require(canonical.path().starts_with('/') && canonical.origin_path().starts_with('/'));
  require(canonical.path_and_query().starts_with(canonical.path()));
  require(canonical.port() != 0);
  for (const char c : canonical.href()) require(c > ' ' && c < '\x7f');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  url::CanonicalUrl first;
  url::CanonicalUrl second;
  if (first.assign(text)) {
    check(first);
    require(second.assign(first.href()).has_value());
    require(second.href() == first.href() && second.host() == first.host());
    require(second.words() == first.words() && second.origin_path() == first.origin_path());
    require(second.assign_origin_form(first.scheme(), first.authority(), first.path_and_query()).has_value());
    require(second.href() == first.href());
  }
  if (first.assign_authority(url::Scheme::https, text)) check(first);
  if (first.assign_origin_form(url::Scheme::http, "allowed.example", text)) check(first);
  std::string buffer;
  if (url::canonical_host(text, buffer)) {
    std::string again;
    require(buffer.find(':') != std::string::npos || url::canonical_host(buffer, again).has_value());
    require(again.empty() || again == buffer);
  }
  url::fold_words(text, buffer);
  return 0;
}
