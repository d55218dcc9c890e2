#include "rules/url/public_suffix.hpp"

#include <doctest/doctest.h>

using fairlead::rules::url::is_public_suffix;
using fairlead::rules::url::registrable_domain;

TEST_CASE("registrable_domain: the public suffix and one label more") {
  CHECK(registrable_domain("www.example.com") == "example.com");
  CHECK(registrable_domain("a.b.example.co.uk") == "example.co.uk");
  CHECK(registrable_domain("someone.github.io") == "someone.github.io");
  CHECK(registrable_domain("x.city.kawasaki.jp") == "city.kawasaki.jp");
  CHECK(registrable_domain("a.b.unlisted-zone") == "b.unlisted-zone");
  CHECK(registrable_domain("www.xn--85x722f.xn--55qx5d.cn") == "xn--85x722f.xn--55qx5d.cn");
}

TEST_CASE("registrable_domain: what has none stands for itself") {
  for (const std::string_view host : {"com", "co.uk", "localhost", "203.0.113.7", "2001:db8::1", ""})
    CHECK(registrable_domain(host) == host);
}

TEST_CASE("is_public_suffix: where strangers register names") {
  for (const std::string_view host : {"com", "co.uk", "github.io"}) CHECK(is_public_suffix(host));
  for (const std::string_view host : {"example.com", "203.0.113.7", "city.kawasaki.jp", "localhost", ""})
    CHECK_FALSE(is_public_suffix(host));
}
