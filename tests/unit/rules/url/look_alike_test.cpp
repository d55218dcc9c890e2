#include "rules/url/look_alike.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/url/host.hpp"

using namespace fairlead::rules::url;

namespace {

using Names = std::vector<std::string>;

/// As a person writes the host, in UTF-8.
Names look_alikes_of(const std::string& shown) {
  std::string host;
  REQUIRE(canonical_host(shown, host));
  return look_alikes(host);
}

}  // namespace

TEST_CASE("look_alikes: letters of other scripts that look like ASCII ones") {
  CHECK(look_alikes("xn--80ak6aa92e.com") == Names{"appie.com", "apple.com"});  // Cyrillic, palochka read both ways
  CHECK(look_alikes_of("pаypal.com") == Names{"paypal.com"});                   // one Cyrillic letter
  CHECK(look_alikes_of("gοοgle.com") == Names{"google.com"});                   // Greek omicrons
  CHECK(look_alikes_of("ɡoogle.com") == Names{"google.com"});                   // Latin script g
  CHECK(look_alikes_of("www.bеt365.example") == Names{"www.bet365.example"});
  CHECK(look_alikes_of("pornhսb.example") == Names{"pornhub.example"});  // Armenian
}

TEST_CASE("look_alikes: a name in ASCII, or really in another script, looks like none") {
  CHECK(look_alikes("apple.com").empty());
  CHECK(look_alikes("xn.example").empty());
  CHECK(look_alikes("axn--80ak6aa92e.com").empty());
  for (const std::string shown : {"пример.рф", "ελλάδα.gr", "μηχανή.example", "строительство.example", "tŷ.cymru",
                                  "siôp.wales", "môr.example", "bücher.example", "מים.example", "日本語.jp"}) {
    CAPTURE(shown);
    for (const std::string& name : look_alikes_of(shown)) CHECK(name == "");
  }
}
