#include "rules/url/nat64.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "rules/url/address_range.hpp"

using namespace fairlead::rules::url;

namespace {

Ipv6Pieces pieces(std::string_view text) {
  const auto read = parse_ipv6(text);
  REQUIRE(read);
  return *read;
}

std::string text(const Ipv6Pieces& address) {
  std::string out;
  append_ipv6(address, out);
  return out;
}

constexpr std::uint32_t kExample = 0xC0000221;  // 192.0.2.33

}  // namespace

TEST_CASE("Nat64Prefix: the table of RFC 6052, both ways") {
  struct Row {
    const char* prefix;
    int bits;
    const char* address;
  };
  for (const Row& row :
       {Row{"2001:db8::", 32, "2001:db8:c000:221::"}, Row{"2001:db8:100::", 40, "2001:db8:1c0:2:21::"},
        Row{"2001:db8:122::", 48, "2001:db8:122:c000:2:2100::"},
        Row{"2001:db8:122:300::", 56, "2001:db8:122:3c0:0:221::"},
        Row{"2001:db8:122:344::", 64, "2001:db8:122:344:c0:2:2100:0"},
        Row{"2001:db8:122:344::", 96, "2001:db8:122:344::c000:221"}, Row{"64:ff9b::", 96, "64:ff9b::c000:221"}}) {
    CAPTURE(row.address);
    const Nat64Prefix prefix{pieces(row.prefix), row.bits};
    CHECK(text(prefix.embed(kExample)) == text(pieces(row.address)));
    CHECK(prefix.extract(pieces(row.address)) == kExample);
  }
}

TEST_CASE("Nat64Prefix: what it cannot have made holds no address") {
  const Nat64Prefix prefix{pieces("2001:db8:122:344::"), 64};
  CHECK_FALSE(prefix.extract(pieces("2001:db8:122:345:c0:2:2100:0")));   // another prefix
  CHECK_FALSE(prefix.extract(pieces("2001:db8:122:344:1c0:2:2100:0")));  // bits 64 to 71
  CHECK_FALSE(prefix.extract(pieces("2001:db8:122:344:c0:2:2100:1")));   // something behind it
}

TEST_CASE("prefix_told_by: every length, by either address of ipv4only.arpa") {
  for (const int bits : {32, 40, 48, 56, 64, 96}) {
    CAPTURE(bits);
    const Nat64Prefix prefix{pieces(bits == 32   ? "2001:db8::"
                                    : bits == 40 ? "2001:db8:100::"
                                    : bits == 48 ? "2001:db8:122::"
                                    : bits == 56 ? "2001:db8:122:300::"
                                                 : "2001:db8:122:344::"),
                             bits};
    for (const std::uint32_t v4 : {0xC00000AAU, 0xC00000ABU}) {
      const std::vector<std::string> told{"192.0.0.170", text(prefix.embed(v4))};
      CHECK(prefix_told_by(told) == prefix);
    }
  }
  const std::vector<std::string> none{"192.0.0.170", "192.0.0.171"}, other{"2001:db8::1", "64:ff9b::c000:221"};
  CHECK_FALSE(prefix_told_by(none));
  CHECK_FALSE(prefix_told_by(other));
}

TEST_CASE("translated: an IPv4 address through a prefix, and nothing else") {
  const Nat64Prefix prefix{pieces("64:ff9b::"), 96};
  CHECK(translated(prefix, "203.0.113.9") == "64:ff9b::cb00:7109");
  CHECK_FALSE(translated(prefix, "2001:db8::1"));
  CHECK_FALSE(translated(prefix, "name.example"));
}

TEST_CASE("carried_ipv4: the well-known prefix, and the local one at each length that can be meant") {
  using All = std::vector<std::uint32_t>;
  CHECK(carried_ipv4(pieces("64:ff9b::c000:221")) == All{kExample});
  CHECK(carried_ipv4(pieces("64:ff9b:1::c000:221")) == All{kExample});
  CHECK(carried_ipv4(pieces("64:ff9b:1:2:3:4:c000:221")) == All{kExample});
  for (const int bits : {48, 56, 64}) {
    CAPTURE(bits);
    const auto all = carried_ipv4(Nat64Prefix{pieces("64:ff9b:1:100::"), bits}.embed(kExample));
    CHECK(std::find(all.begin(), all.end(), kExample) != all.end());
  }
  CHECK(carried_ipv4(pieces("64:ff9b:2::c000:221")).empty());
  CHECK(carried_ipv4(pieces("64:ff9b::1:c000:221")).empty());
  CHECK(carried_ipv4(pieces("2001:db8::c000:221")).empty());
}

TEST_CASE("is_local_address: an address behind a translator is what it carries") {
  for (const char* address :
       {"64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::c0a8:101", "64:ff9b::a9fe:a9fe", "64:ff9b::", "64:ff9b:1::a00:1",
        "64:ff9b:1:a00:0:100::", "64:ff9b:1:10a:5:100::", "64:ff9b:1:2:a:501::", "64:ff9b:1:2:3:4:7f00:1"}) {
    CAPTURE(std::string(address));
    CHECK(is_local_address(address));
  }
  for (const char* address : {"64:ff9b::cb00:7109", "64:ff9b:1::cb00:7109", "64:ff9b:1:cb00:71:900::"}) {
    CAPTURE(std::string(address));
    CHECK_FALSE(is_local_address(address));
    CHECK_FALSE(is_private_network(address));
  }
  CHECK(is_private_network("64:ff9b::a00:1"));
  CHECK_FALSE(is_private_network("64:ff9b::7f00:1"));
  CHECK_FALSE(is_private_network("64:ff9b:1:2:a:501::"));  // 10.5.1.0, or 2.10.5.1
}

TEST_CASE("leads_to: an address behind a translator by what it carries, every other as it is") {
  CHECK(leads_to("64:ff9b::cb00:7109") == "203.0.113.9");
  CHECK(leads_to("64:ff9b:1::cb00:7109") == "203.0.113.9");
  CHECK(leads_to("64:ff9b:1:2:a:501::") == "64:ff9b:1:2:a:501::");  // one of two
  CHECK(leads_to("2001:db8::1") == "2001:db8::1");
  CHECK(leads_to("203.0.113.9") == "203.0.113.9");
}
