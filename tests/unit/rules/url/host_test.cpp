#include "rules/url/host.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace url = fairlead::rules::url;

namespace {

struct Accepted {
  std::string_view raw;
  std::string_view host;
  url::HostKind kind;
  std::string_view why;
};

struct Refused {
  std::string raw;
  std::string_view why;
};

constexpr auto kName = url::HostKind::name;
constexpr auto kIpv4 = url::HostKind::ipv4;
constexpr auto kIpv6 = url::HostKind::ipv6;

}  // namespace

TEST_CASE("canonical_host: every spelling of one host is one text") {
  const std::vector<Accepted> rows = {
      {"www.blocked.example", "www.blocked.example", kName, "already canonical"},
      {"WWW.BLOCKED.EXAMPLE", "www.blocked.example", kName, "case means nothing in DNS"},
      {"www.blocked.example.", "www.blocked.example", kName, "the root's dot names the same host"},
      {"bl%6fcked.example", "blocked.example", kName, "browsers undo escapes in a host"},
      {"www%2eblocked.example", "www.blocked.example", kName, "an escaped dot is a dot"},
      {"www.blocked.example%2E", "www.blocked.example", kName, "an escaped dot at the end, too"},
      {"%77%77%77.%42locked.example", "www.blocked.example", kName, "escaped capitals fold"},
      {"block\xEF\xBD\x85"
       "d.example",
       "blocked.example", kName, "full-width e (U+FF45)"},
      {"www\xE3\x80\x82"
       "blocked.example",
       "www.blocked.example", kName, "ideographic full stop (U+3002)"},
      {"www\xEF\xBC\x8E"
       "blocked\xEF\xBD\xA1"
       "example",
       "www.blocked.example", kName, "full-width and half-width full stops"},
      {"blo\xC2\xAD"
       "cked.example",
       "blocked.example", kName, "a soft hyphen is invisible and dropped"},
      {"blo\xE2\x80\x8B"
       "cked.example",
       "blocked.example", kName, "zero width space (U+200B) is dropped"},
      {"blo\xEF\xBB\xBF"
       "cked.example",
       "blocked.example", kName, "a byte order mark in the middle is dropped"},
      {"block\xF0\x9D\x90\x9E\xF0\x9D\x90\x9D.example", "blocked.example", kName, "mathematical bold letters"},
      {"\xE2\x93\x91locked.example", "blocked.example", kName, "a letter in a circle (U+24D1)"},
      {"bloc\xE2\x84\xAA"
       "ed.example",
       "blocked.example", kName, "the Kelvin sign folds to k"},
      {"b\xC3\xBC"
       "cher.example",
       "xn--bcher-kva.example", kName, "an umlaut becomes an A-label"},
      {"B\xC3\x9C"
       "cher.Example",
       "xn--bcher-kva.example", kName, "capital umlaut"},
      {"b%c3%bCcher.example", "xn--bcher-kva.example", kName, "escaped UTF-8"},
      {"Bu\xCC\x88"
       "cher.example",
       "xn--bcher-kva.example", kName, "a combining diaeresis composes"},
      {"XN--BCHER-KVA.example", "xn--bcher-kva.example", kName, "an A-label in capitals"},
      {"xn--Bcher-kva.example", "xn--bcher-kva.example", kName, "an A-label with one capital"},
      {"fa\xC3\x9F.example", "xn--fa-hia.example", kName, "non-transitional: sharp s stays a letter of its own"},
      {"a_b.example", "a_b.example", kName, "underscores are in use"},
      {"-x.example-", "-x.example-", kName, "hyphens at the ends are in use"},
      {"ab--c.example", "ab--c.example", kName, "two hyphens that are no A-label"},
      {"localhost", "localhost", kName, "one label is a host"},
      {"1.2.3.4.example", "1.2.3.4.example", kName, "numbers, but not at the end"},
      {"1e2.0x7g", "1e2.0x7g", kName, "the last label only looks like a number"},
      {"127.0.0.77", "127.0.0.77", kIpv4, "dotted quad"},
      {"127.0.0.77.", "127.0.0.77", kIpv4, "one dot at the end of an address"},
      {"2130706509", "127.0.0.77", kIpv4, "one integer"},
      {"0x7F.0.0.77", "127.0.0.77", kIpv4, "a hexadecimal part"},
      {"0x7f00004d", "127.0.0.77", kIpv4, "one hexadecimal integer"},
      {"0177.0.77", "127.0.0.77", kIpv4, "octal, three parts"},
      {"127.77", "127.0.0.77", kIpv4, "two parts"},
      {"0x7f.0x0.077777", "127.0.127.255", kIpv4, "the last part fills what is left"},
      {"0x", "0.0.0.0", kIpv4, "a browser reads a bare 0x as zero"},
      {"\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.77", "127.0.0.77", kIpv4, "full-width digits"},
      {"127%2e0%2e0%2e77", "127.0.0.77", kIpv4, "escaped dots"},
      {"%31%32%37.0.0.77", "127.0.0.77", kIpv4, "escaped digits"},
      {"127\xE3\x80\x82"
       "0.0.77",
       "127.0.0.77", kIpv4, "ideographic dot in an address"},
      {"[::1]", "::1", kIpv6, "loopback"},
      {"[2001:DB8:0:0:1:0:0:1]", "2001:db8::1:0:0:1", kIpv6, "lower case, first longest run"},
      {"[0:0:0:0:0:0:0:1]", "::1", kIpv6, "compressed"},
      {"[::ffff:127.0.0.77]", "127.0.0.77", kIpv4, "IPv4-mapped goes to that very address"},
      {"[0::FFFF:7f00:4D]", "127.0.0.77", kIpv4, "IPv4-mapped in hexadecimal"},
      {"[::127.0.0.77]", "::7f00:4d", kIpv6, "IPv4-compatible is an address of its own"},
  };
  std::string host;
  for (const Accepted& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    const auto kind = url::canonical_host(row.raw, host);
    REQUIRE(kind.has_value());
    CHECK(host == row.host);
    CHECK(*kind == row.kind);
  }
}

TEST_CASE("canonical_host: what a browser or DNS would refuse is refused") {
  const std::vector<Refused> rows = {
      {"", "empty"},
      {".", "only the root"},
      {"..", "two dots"},
      {"www..blocked.example", "an empty label in the middle"},
      {".blocked.example", "an empty first label"},
      {"blocked.example..", "two dots at the end"},
      {"blocked.example\xE3\x80\x82.", "two dots at the end, one of them ideographic"},
      {std::string("www.blocked.example\0", 20), "NUL at the end"},
      {"www.blocked.example%00.allowed.example", "escaped NUL would cut the name in C code"},
      {"block\ted.example", "tab"},
      {"block%09ed.example", "escaped tab"},
      {"block ed.example", "space"},
      {"block%20ed.example", "escaped space"},
      {"blocked.example%0d%0aHost: x", "escaped line end"},
      {"blocked%2fexample", "escaped slash"},
      {"allowed.example%5c.blocked.example", "escaped backslash"},
      {"allowed.example%40blocked.example", "escaped @"},
      {"allowed.example%23.blocked.example", "escaped #"},
      {"allowed.example%3f.blocked.example", "escaped ?"},
      {"allowed.example%3a80", "escaped colon"},
      {"blocked%2525.example", "an escaped escape leaves a %"},
      {"blocked%.example", "a bare %"},
      {"blocked%zz.example", "no escape"},
      {"block|ed.example", "vertical bar"},
      {"block^ed.example", "caret"},
      {"block<ed>.example", "angle brackets"},
      {"block\x7f"
       "ed.example",
       "DEL"},
      {"block\x01"
       "ed.example",
       "control byte"},
      {"blo\xE2\x80\x8D"
       "cked.example",
       "zero width joiner where no script joins"},
      {"blo\xE2\x80\x8C"
       "cked.example",
       "zero width non-joiner where no script joins"},
      {"\xEF\xBC\x8F"
       "blocked.example",
       "full-width slash maps to a slash"},
      {"\xE2\x92\x88"
       "blocked.example",
       "DIGIT ONE FULL STOP (U+2488)"},
      {"b\xFC"
       "cher.example",
       "Latin-1, not UTF-8"},
      {"b\xC0\xAE"
       "locked.example",
       "an overlong dot"},
      {"%ff%fe.example", "escaped bytes that are not UTF-8"},
      {"a.\xED\xA0\x80.example", "a surrogate"},
      {"fa\xE1\xBA\x9E.example", "capital sharp s: browsers of different age go to different hosts"},
      {"xn--a.example", "broken punycode"},
      {"xn--.example", "empty punycode"},
      {"xn--blocked-.example", "an A-label for plain ASCII would be a second name"},
      {"\xD7\x90"
       "a.example",
       "right-to-left and left-to-right in one label"},
      {"256.0.0.1", "a part above 255"},
      {"1.2.3.4.5", "five parts"},
      {"1.2.3.08", "an eight in an octal number"},
      {"127.0.0.0x1g.1.2", "six parts, one no number"},
      {"4294967296", "above 32 bits"},
      {"0x100000000", "above 32 bits in hexadecimal"},
      {"99999999999999999999999999999999", "above 64 bits"},
      {"foo.09", "ends in a number, but is no address"},
      {"foo.0x4", "ends in a hexadecimal number"},
      {"127..0.1", "an empty part"},
      {"[::1", "no closing bracket"},
      {"[::1]x", "something behind the bracket"},
      {"[]", "empty brackets"},
      {"[fe80::1%25eth0]", "zone identifiers do not belong in URLs"},
      {"[::1%00]", "escapes do not count in brackets"},
      {"::1", "IPv6 without brackets"},
      {std::string(64, 'a') + ".example", "a label longer than 63 bytes"},
      {std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." + std::string(62, 'd'),
       "254 bytes"},
      {std::string(1025, 'a'), "longer than any host"},
  };
  std::string host;
  for (const Refused& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    const auto kind = url::canonical_host(row.raw, host);
    REQUIRE_FALSE(kind.has_value());
    CHECK(kind.error().code == fairlead::Errc::bad_host);
    CHECK(kind.error().side == fairlead::Side::client);
    CHECK(kind.error().context.starts_with("host: "));
    CHECK(host.empty());
  }
}

TEST_CASE("canonical_host: 253 bytes are a host") {
  const std::string longest =
      std::string(63, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." + std::string(61, 'd');
  std::string host;
  REQUIRE(url::canonical_host(longest, host).has_value());
  CHECK(host == longest);
  REQUIRE(url::canonical_host(longest + ".", host).has_value());
  CHECK(host == longest);
}

TEST_CASE("canonical_host: many digits before an address is still an address") {
  std::string host;
  REQUIRE(url::canonical_host("0" + std::string(100, '0') + "1", host).has_value());
  CHECK(host == "0.0.0.1");
}

TEST_CASE("append_canonical_host: what stood in the buffer stays") {
  std::string text = "https://";
  REQUIRE(url::append_canonical_host("B\xC3\xBC"
                                     "cher.Example",
                                     text)
              .has_value());
  CHECK(text == "https://xn--bcher-kva.example");
  REQUIRE_FALSE(url::append_canonical_host("a..b", text).has_value());
  CHECK(text == "https://xn--bcher-kva.example");
}
