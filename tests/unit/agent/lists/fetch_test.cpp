// What of fetch() needs no server; tests/system/lists has one.
#include "agent/lists/fetch.hpp"

#include <doctest/doctest.h>

#include "samples.hpp"

namespace fairlead::agent::lists {
namespace {

TEST_CASE("fetch: without https nothing is asked that no digest or signature proves") {
  TemporaryFolder folder;
  const auto fetched = fetch({"http://lists.example/hosts", folder.path(), {}, 1000, false, {}}, {});
  REQUIRE_FALSE(fetched);
  CHECK(fetched.error().code == Errc::refused);
  CHECK(fetched.error().context == "lists.example is asked without https: name a sha256 or public_key");
}

TEST_CASE("fetch: other schemes are refused, also for what is proven") {
  TemporaryFolder folder;
  for (const char* url : {"ftp://127.0.0.1/list", "file:///etc/hostname", "gopher://127.0.0.1/"}) {
    CAPTURE(url);
    const auto fetched = fetch({url, folder.path(), {}, 1000, true, {}}, {});
    REQUIRE_FALSE(fetched);
    CHECK(fetched.error().code == Errc::refused);
  }
}

TEST_CASE("upstream_proxy: one on this machine is most likely Fairlead and is left out") {
  CHECK(upstream_proxy("http://proxy.college.example:8080") == "http://proxy.college.example:8080");
  CHECK(upstream_proxy("proxy.college.example:8080") == "proxy.college.example:8080");
  for (const char* here : {"http://127.0.0.1:3128", "127.0.0.1:3128", "http://localhost:3128/", "http://LOCALHOST:3128",
                           "http://[::1]:3128", "", "http://", "not an address"}) {
    CAPTURE(here);
    CHECK(upstream_proxy(here).empty());
  }
}

}  // namespace
}  // namespace fairlead::agent::lists
