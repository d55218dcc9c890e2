#include "rules/url/ip_address.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace url = fairlead::rules::url;

namespace {

std::string ipv6_text(std::string_view text) {
  const auto pieces = url::parse_ipv6(text);
  if (!pieces) return "refused";
  std::string out;
  url::append_ipv6(*pieces, out);
  return out;
}

}  // namespace

TEST_CASE("parse_ipv6: one text for each address") {
  const std::vector<std::pair<std::string_view, std::string_view>> rows = {
      {"::", "::"},
      {"1::", "1::"},
      {"::1", "::1"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"},
      {"0:0:1:0:0:1:0:0", "::1:0:0:1:0:0"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"00AB::0cD", "ab::cd"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
      {"1:2:3:4:5::1.2.3.4", "1:2:3:4:5:0:102:304"},
  };
  for (const auto& row : rows) {
    const auto& text = row.first;
    CAPTURE(text);
    CHECK(ipv6_text(text) == row.second);
  }
}

TEST_CASE("parse_ipv6: what is no address is refused") {
  const std::vector<std::string_view> rows = {"",
                                              ":",
                                              ":::",
                                              ":1",
                                              "1:",
                                              "1:2",
                                              "1::2::3",
                                              "1:2:3:4:5:6:7:8:9",
                                              "1:2:3:4:5:6:7:8::",
                                              "1:2:3:4::5:6:7:8",
                                              "::1:2:3:4:5:6:7:8",
                                              "12345::",
                                              "g::",
                                              "::1%eth0",
                                              "1:2:3:4:5:6::1.2.3.4",
                                              "1:2:3:4:5:6:7:1.2.3.4",
                                              "::1.2.3",
                                              "::1.2.3.4.5",
                                              "::1.2.3.256",
                                              "::1.2.3.04",
                                              "::01.2.3.4",
                                              "::.1.2.3",
                                              "::1.2..3",
                                              "::1.2.3.",
                                              "::1.2.3.4:5",
                                              "1.2.3.4",
                                              "::0x1"};
  for (const std::string_view text : rows) {
    CAPTURE(text);
    CHECK(ipv6_text(text) == "refused");
  }
}

TEST_CASE("mapped_ipv4: only ::ffff:0:0/96") {
  CHECK(url::mapped_ipv4(*url::parse_ipv6("::ffff:1.2.3.4")) == 0x01020304U);
  CHECK_FALSE(url::mapped_ipv4(*url::parse_ipv6("::1.2.3.4")).has_value());
  CHECK_FALSE(url::mapped_ipv4(*url::parse_ipv6("1::ffff:1.2.3.4")).has_value());
  CHECK_FALSE(url::mapped_ipv4(*url::parse_ipv6("::ffff:0:1.2.3.4")).has_value());
}

TEST_CASE("ends_in_number: decides on the last label alone") {
  for (const std::string_view name : {"1", "a.1", "a.09", "0x", "a.0x", "a.0xfF", "1.2.3.4"}) {
    CAPTURE(name);
    CHECK(url::ends_in_number(name));
  }
  for (const std::string_view name : {"", "a", "1.a", "a.1b", "a.0xg", "a.x1", "a.-1", "1."}) {
    CAPTURE(name);
    CHECK_FALSE(url::ends_in_number(name));
  }
}
