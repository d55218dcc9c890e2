// Any bytes as the address of a carrier: what is found inside keeps its bounds, can be read or not, and is there
// whenever the quick look says that nothing is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rules/url/host_within.hpp"
#include "rules/url/inner_url.hpp"

namespace {

namespace url = fairlead::rules::url;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const url::CanonicalUrl& canonical, const url::InnerPlaces& places) {
  const url::InnerUrls inner = url::find_inner_urls(canonical, places);
  require(inner.found.size() <= url::kMostInnerUrls);
  require(!inner.too_many || inner.found.size() == url::kMostInnerUrls);
  url::CanonicalUrl read;
  for (const url::InnerUrl& one : inner.found) {
    require(!one.text.empty() && one.text.size() <= url::kMostInnerBytes);
    if (url::read_inner_url(one, read)) require(!read.host().empty());
  }
  const bool blind = places.carrying.empty() && places.carried_path.empty();
  if (blind && !url::may_hold_inner_url(canonical)) require(inner.found.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  url::CanonicalUrl canonical;
  if (canonical.assign_origin_form(url::Scheme::https, "carrier.example", "/" + std::string(text))) {
    check(canonical, {});
    check(canonical, {{"u", "q"}, {"ref"}, canonical.path().substr(1)});
  }
  if (canonical.assign("https://" + std::string(text.substr(0, text.find('/'))) + ".translate.goog/")) {
    const std::string host = url::host_within(canonical.host());
    url::CanonicalUrl read;
    require(host.empty() || read.assign("https://" + host + "/").has_value());
  }
  return 0;
}
