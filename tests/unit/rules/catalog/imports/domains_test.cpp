#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

TEST_CASE("domains: dirty names end in the one form that rules are keyed by") {
  const auto list = imported(
      "\xEF\xBB\xBF"
      "first.example\r\n"
      "UPPER.Example.\r\n"
      "*.wild.example\n"
      ".dotted.example\n"
      "b\xC3\xBC"
      "cher.example\n"
      "  spaced.example\t\n"
      "named.example # because\n"
      "under_score.example\n",
      ListFormat::domains);
  CHECK(list.hosts == Texts{"first.example", "upper.example", "wild.example", "dotted.example", "xn--bcher-kva.example",
                            "spaced.example", "named.example", "under_score.example"});
  CHECK(list.left_out.empty());
}

TEST_CASE("domains: comments and headings are not counted as left out") {
  const auto list = imported("# a\n! b\n; c\n// d\n[Adblock Plus]\n\n \t\n", ListFormat::domains);
  CHECK(list.hosts.empty());
  CHECK(list.left_out.empty());
}

TEST_CASE("domains: an address is a host to block like any other; ports, schemes and users are dropped") {
  const auto list = imported(
      "203.0.113.7\n0x7f.1\n203.0.113.8:8080\n[2001:db8::1]\n2001:DB8::2\nhttp://scheme.example/\n"
      "me@user.example\nport.example:81\nslash.example/\n",
      ListFormat::domains);
  CHECK(list.hosts == Texts{"203.0.113.7", "127.0.0.1", "203.0.113.8", "2001:db8::1", "2001:db8::2", "scheme.example",
                            "user.example", "port.example", "slash.example"});
  CHECK(list.left_out.empty());
}

TEST_CASE("domains: a page among the names closes the page, not its host") {
  const auto list = imported("shop.example/bad\nhttps://www.shop.example/worse/\n", ListFormat::domains);
  CHECK(list.hosts.empty());
  CHECK(list.paths == Texts{"shop.example/bad", "shop.example/worse"});
}

TEST_CASE("domains: what nobody could open, and what is far too much, is left out with its reason") {
  const std::string zero("zero\0.example\n", 14);
  const auto list = imported(zero + "two words\na..b.example\n-\xE9.example\ncom\nco.uk\nhttp://\n" +
                                 std::string(64 * 1024 + 1, 'a') + "\nlast.example",
                             ListFormat::domains);
  CHECK(list.hosts == Texts{"last.example"});
  REQUIRE(list.left_out.size() == 8);
  CHECK(list.left_out[0].starts_with("1: not a host: zero"));
  CHECK(list.left_out[1] == "2: bad syntax: two words");
  CHECK(list.left_out[2] == "3: not a host: a..b.example");
  CHECK(list.left_out[3].starts_with("4: not a host: "));
  CHECK(list.left_out[4] == "5: matches everything: com");
  CHECK(list.left_out[5] == "6: matches everything: co.uk");
  CHECK(list.left_out[6].starts_with("7: not a "));
  CHECK(list.left_out[7].starts_with("8: too long: "));
  CHECK(list.lines == std::vector<std::uint32_t>{9});
}

TEST_CASE("wildcards: the star says what a host says already") {
  CHECK(imported("# t\n*.a.example\n*.b.example\n", ListFormat::wildcards).hosts == Texts{"a.example", "b.example"});
}
