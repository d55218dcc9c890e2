#include "rules/url/as_typed.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "rules/url/canonical_url.hpp"

namespace fairlead::rules::url {
namespace {

std::string read(std::string_view typed) {
  CanonicalUrl url;
  return url.assign(with_scheme(typed)) ? std::string(url.href()) : "unreadable";
}

}  // namespace

TEST_CASE("with_scheme: what a browser reads as a scheme is one, whatever slashes follow") {
  for (const char* typed : {"https:/bet365.com/", "https:bet365.com", "HTTPS:\\\\bet365.com", "https:///bet365.com",
                            " https:/bet365.com/ "}) {
    CAPTURE(typed);
    CHECK(read(typed) == "https://bet365.com/");
  }
  CHECK(read("http:/bet365.com") == "http://bet365.com/");
}

TEST_CASE("with_scheme: a port and an address inside the query are none") {
  CHECK(read("bet365.com") == "https://bet365.com/");
  CHECK(read("bet365.com:8443/x") == "https://bet365.com:8443/x");
  CHECK(read("tool.example/?u=http://bet365.com/") == "https://tool.example/?u=http://bet365.com/");
  CHECK(read("tool.example:8080/?u=http://bet365.com/") == "https://tool.example:8080/?u=http://bet365.com/");
  CHECK(read("[::1]:8080/") == "https://[::1]:8080/");
  CHECK(read("ftp://tool.example/") == "unreadable");
}

}  // namespace fairlead::rules::url
