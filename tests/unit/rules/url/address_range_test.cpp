#include "rules/url/address_range.hpp"

#include <doctest/doctest.h>

using namespace fairlead::rules::url;

TEST_CASE("parse_address_range: an address is itself, a prefix all behind it") {
  const auto holds = [](std::string_view range, std::string_view address) {
    const auto parsed = parse_address_range(range);
    REQUIRE(parsed);
    return parsed->holds(address);
  };
  CHECK(holds("203.0.113.7", "203.0.113.7"));
  CHECK_FALSE(holds("203.0.113.7", "203.0.113.8"));
  CHECK(holds("203.0.113.128/25", "203.0.113.255"));
  CHECK_FALSE(holds("203.0.113.128/25", "203.0.113.127"));
  CHECK(holds("0.0.0.0/0", "203.0.113.7"));
  CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  CHECK(holds("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(holds("[2001:db8::1]", "2001:db8::1"));
  CHECK_FALSE(holds("203.0.113.0/24", "name.example"));
}

TEST_CASE("parse_address_range: what is no address or prefix is refused") {
  for (const std::string_view text : {"", "name.example", "203.0.113.7/33", "203.0.113.7/", "203.0.113.7/-1",
                                      "203.0.113.7/8x", "2001:db8::/129", "[2001:db8::1", "203.0.113.256", "/24"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_address_range(text));
  }
}

TEST_CASE("to_string: a range in canonical form, with nought behind the bits that count") {
  const auto text = [](std::string_view range) { return to_string(parse_address_range(range).value()); };
  CHECK(text("203.0.113.7") == "203.0.113.7/32");
  CHECK(text("203.0.113.135/25") == "203.0.113.128/25");
  CHECK(text("10.255.0.0/9") == "10.128.0.0/9");
  CHECK(text("0.0.0.0/0") == "0.0.0.0/0");
  CHECK(text("::ffff:203.0.113.7") == "203.0.113.7/32");
  CHECK(text("2603:1063:0400::/38") == "2603:1063:400::/38");
  CHECK(text("2603:1063:7ff::1/38") == "2603:1063:400::/38");
  CHECK(text("::/0") == "::/0");
  CHECK(text("::ffff:0:0/64") == "::/64");
}

TEST_CASE("is_local_address: this machine, private networks, and what is no single host") {
  for (const std::string_view address : {"127.0.0.1",
                                         "127.255.255.255",
                                         "0.0.0.0",
                                         "10.1.2.3",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "169.254.1.1",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.168.0.1",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "fe80::1",
                                         "febf::1",
                                         "fec0::1",
                                         "ff02::1",
                                         "fc00::1",
                                         "fdff::1",
                                         "::ffff:10.0.0.1",
                                         "fe80::1%eth0",
                                         "name.example"}) {
    CAPTURE(address);
    CHECK(is_local_address(address));
  }
  for (const std::string_view address :
       {"93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1", "128.0.0.1",
        "169.253.1.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "223.255.255.255", "2001:db8::1", "fe00::1",
        "fbff::1", "::2", "::ffff:93.184.216.34"}) {
    CAPTURE(address);
    CHECK_FALSE(is_local_address(address));
  }
}

TEST_CASE("is_private_network: the networks of homes and offices, not this machine, its link or the world") {
  for (const std::string_view address : {"10.0.0.1", "100.64.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.10",
                                         "fc00::1", "fdff::1", "::ffff:192.168.1.10"}) {
    CAPTURE(address);
    CHECK(is_private_network(address));
    CHECK(is_local_address(address));
  }
  for (const std::string_view address :
       {"127.0.0.1", "0.0.0.0", "169.254.1.1", "224.0.0.1", "::1", "::", "fe80::1", "::ffff:127.0.0.1", "93.184.216.34",
        "172.32.0.1", "2001:db8::1", "office.example"}) {
    CAPTURE(address);
    CHECK_FALSE(is_private_network(address));
  }
}
