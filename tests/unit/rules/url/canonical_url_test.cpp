#include "rules/url/canonical_url.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace url = fairlead::rules::url;
using fairlead::Errc;
using url::CanonicalUrl;
using url::Scheme;

TEST_CASE("assign: every disguise of one URL is one text") {
  struct Row {
    std::string_view raw;
    std::string_view href;
    std::string_view why;
  };
  const std::vector<Row> rows = {
      {"http://www.blocked.example/d", "http://www.blocked.example/d", "already canonical"},
      {"HTTP://WWW.blocked.example/d", "http://www.blocked.example/d", "scheme in capitals"},
      {"hTTps://www.blocked.example", "https://www.blocked.example/", "no path is the root"},
      {"ws://www.blocked.example/d", "ws://www.blocked.example/d", "WebSocket"},
      {"http:\\\\www.blocked.example\\d", "http://www.blocked.example/d", "backslashes for slashes"},
      {"http:///www.blocked.example/d", "http://www.blocked.example/d", "three slashes"},
      {"http:////\\/www.blocked.example/d", "http://www.blocked.example/d", "any number of them"},
      {"http:www.blocked.example/d", "http://www.blocked.example/d", "no slash at all"},
      {"http:/www.blocked.example/d", "http://www.blocked.example/d", "one slash"},
      {" \x01http://www.blocked.example/d \x1f", "http://www.blocked.example/d", "spaces and controls at the ends"},
      {"ht\ntp://www.bl\tocked.example/\rd", "http://www.blocked.example/d", "tab and line ends anywhere"},
      {"http://me@www.blocked.example/d", "http://www.blocked.example/d", "user name"},
      {"http://me:secret@www.blocked.example/d", "http://www.blocked.example/d", "and password"},
      {"http://allowed.example@www.blocked.example/d", "http://www.blocked.example/d", "a host as user name"},
      {"http://a@b@www.blocked.example/d", "http://www.blocked.example/d", "the last @ counts"},
      {"http://allowed.example:80@www.blocked.example/d", "http://www.blocked.example/d",
       "a host and port as user info"},
      {"http://allowed.example%2f%3f@www.blocked.example/d", "http://www.blocked.example/d", "escapes in user info"},
      {"http://[::1]@www.blocked.example/d", "http://www.blocked.example/d", "an address as user info"},
      {"http://allowed.example\\@www.blocked.example/d", "http://allowed.example/@www.blocked.example/d",
       "a backslash ends the authority before the @"},
      {"http://allowed.example#@www.blocked.example/d", "http://allowed.example/", "so does a #"},
      {"http://allowed.example?@www.blocked.example/d", "http://allowed.example/?@www.blocked.example/d", "and a ?"},
      {"http://www.blocked.example:80/d", "http://www.blocked.example/d", "default port"},
      {"http://www.blocked.example:/d", "http://www.blocked.example/d", "empty port"},
      {"http://www.blocked.example:0080/d", "http://www.blocked.example/d", "leading zeros"},
      {"https://www.blocked.example:80/d", "https://www.blocked.example:80/d", "80 is not the default of https"},
      {"https://www.blocked.example:443/d", "https://www.blocked.example/d", "443 is"},
      {"wss://www.blocked.example:443/d", "wss://www.blocked.example/d", "and of wss"},
      {"http://www.blocked.example:65535/d", "http://www.blocked.example:65535/d", "the last port"},
      {"http://www.blocked.example./d", "http://www.blocked.example/d", "one dot at the end"},
      {"http://2130706509:8080/d", "http://127.0.0.77:8080/d", "integer address with port"},
      {"http://127.0.0.77.:80/d", "http://127.0.0.77/d", "dot behind an address"},
      {"http://[0::ffff:127.0.0.77]/d", "http://127.0.0.77/d", "IPv4-mapped"},
      {"http://[2001:DB8::0:1]:8080/d", "http://[2001:db8::1]:8080/d", "IPv6 keeps its brackets in the URL"},
      {"http://allowed.example/q/%2e%2E/blocked/d?x#y", "http://allowed.example/blocked/d?x", "fragment dropped"},
      {"http://allowed.example/d?", "http://allowed.example/d?", "an empty query is not no query"},
      {"http://allowed.example/d#x?y", "http://allowed.example/d", "a ? behind the #"},
      {"http://allowed.example?q=1", "http://allowed.example/?q=1", "query without path"},
  };
  CanonicalUrl canonical;
  for (const Row& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    REQUIRE(canonical.assign(row.raw).has_value());
    CHECK(canonical.href() == row.href);
    const std::string once(canonical.href());
    REQUIRE(canonical.assign(once).has_value());
    CHECK(canonical.href() == once);
  }
}

TEST_CASE("assign: what cannot be read or forwarded is refused, and nothing stays") {
  struct Row {
    std::string raw;
    Errc code;
    std::string_view why;
  };
  const std::vector<Row> rows = {
      {"", Errc::bad_url, "empty"},
      {"/d", Errc::bad_url, "no scheme"},
      {"www.blocked.example", Errc::bad_url, "no scheme"},
      {"ftp://blocked.example/", Errc::bad_url, "another scheme"},
      {"javascript:alert(1)", Errc::bad_url, "a script"},
      {"httpx://blocked.example/", Errc::bad_url, "almost a scheme"},
      {"http ://blocked.example/", Errc::bad_url, "a space in the scheme"},
      {"http://", Errc::bad_host, "no host"},
      {"http:///?x", Errc::bad_host, "no host, but a query"},
      {"http://me@/d", Errc::bad_host, "user info without host"},
      {"http://:80/d", Errc::bad_host, "port without host"},
      {"http://blocked.example:65536/", Errc::bad_url, "port above 65535"},
      {"http://blocked.example:99999999999999999999/", Errc::bad_url, "port above everything"},
      {"http://blocked.example:0/", Errc::bad_url, "port 0"},
      {"http://blocked.example:8o/", Errc::bad_url, "a letter in the port"},
      {"http://blocked.example:80:80/", Errc::bad_url, "two ports"},
      {"http://blocked.example:-1/", Errc::bad_url, "a sign"},
      {"http://blocked.example: 80/", Errc::bad_url, "a space"},
      {"http://[::1/", Errc::bad_host, "open bracket"},
      {"http://[::1]80/", Errc::bad_host, "port without colon"},
      {"http://block ed.example/", Errc::bad_host, "space in the host"},
      {"http://allowed.example/q/..%2F%2F..%2Fblocked", Errc::bad_url, "servers differ in where '..' leads"},
      {"http://blocked.example/" + std::string(65536, 'a'), Errc::bad_url, "longer than 64 KiB"},
  };
  CanonicalUrl canonical;
  for (const Row& row : rows) {
    REQUIRE(canonical.assign("https://user.example:8443/path?query").has_value());
    CAPTURE(row.raw);
    CAPTURE(row.why);
    const auto assigned = canonical.assign(row.raw);
    REQUIRE_FALSE(assigned.has_value());
    CHECK(assigned.error().code == row.code);
    CHECK(assigned.error().side == fairlead::Side::client);
    CHECK(canonical.href().empty());
    CHECK(canonical.host().empty());
    CHECK(canonical.words().empty());
    CHECK(canonical.origin_path().empty());
  }
}

TEST_CASE("assign: the parts fit together") {
  CanonicalUrl canonical;
  REQUIRE(canonical.assign("https://B%C3%BCcher.example:8443/a%2Fb/C?Q=Free+Bets").has_value());
  CHECK(canonical.scheme() == Scheme::https);
  CHECK(canonical.host_kind() == url::HostKind::name);
  CHECK(canonical.host() == "xn--bcher-kva.example");
  CHECK(canonical.port() == 8443);
  CHECK_FALSE(canonical.has_default_port());
  CHECK(canonical.authority() == "xn--bcher-kva.example:8443");
  CHECK(canonical.path() == "/a%2Fb/C");
  CHECK(canonical.query() == "Q=Free+Bets");
  CHECK(canonical.path_and_query() == "/a%2Fb/C?Q=Free+Bets");
  CHECK(canonical.words() == "/a/b/c?q=free bets");
  CHECK(canonical.origin_path() == "/a/b/C");

  REQUIRE(canonical.assign("http://[::1]/").has_value());
  CHECK(canonical.host_kind() == url::HostKind::ipv6);
  CHECK(canonical.host() == "::1");
  CHECK(canonical.authority() == "[::1]");
  CHECK(canonical.query().empty());
  CHECK(canonical.path_and_query() == "/");
  CHECK(canonical.has_default_port());
}

TEST_CASE("assign: an object keeps its memory") {
  CanonicalUrl canonical;
  REQUIRE(canonical.assign("http://allowed.example/" + std::string(500, 'a')).has_value());
  const char* const before = canonical.href().data();
  REQUIRE(canonical.assign("http://other.example/short?query").has_value());
  CHECK(canonical.href().data() == before);
}

TEST_CASE("assign_authority: CONNECT names host and port, and nothing else") {
  CanonicalUrl canonical;
  REQUIRE(canonical.assign_authority(Scheme::https, "WWW.BLOCKED.EXAMPLE.:443").has_value());
  CHECK(canonical.href() == "https://www.blocked.example/");
  REQUIRE(canonical.assign_authority(Scheme::https, "0x7f.77:443").has_value());
  CHECK(canonical.host() == "127.0.0.77");
  REQUIRE(canonical.assign_authority(Scheme::https, "[::1]:8443").has_value());
  CHECK(canonical.authority() == "[::1]:8443");
  for (const std::string_view raw :
       {"", "blocked.example", "blocked.example:", ":443", "blocked.example:443/", "blocked.example:443?x",
        "me@blocked.example:443", "allowed.example\\@blocked.example:443", "https://blocked.example:443",
        "blocked.example:0", "blocked.example:65536", "blocked.example:443 ", " blocked.example:443", "::1:443",
        "allowed.example:443@blocked.example:443", "allowed.example:443#blocked.example:443"}) {
    CAPTURE(raw);
    CHECK_FALSE(canonical.assign_authority(Scheme::https, raw).has_value());
    CHECK(canonical.href().empty());
  }
}

TEST_CASE("assign_origin_form: Host field and target become one URL") {
  CanonicalUrl canonical;
  REQUIRE(canonical.assign_origin_form(Scheme::http, "Allowed.Example:80", "/q/../blocked?x=1").has_value());
  CHECK(canonical.href() == "http://allowed.example/blocked?x=1");
  REQUIRE(canonical.assign_origin_form(Scheme::http, "allowed.example", "//blocked.example/x").has_value());
  CHECK(canonical.href() == "http://allowed.example//blocked.example/x");
  REQUIRE(canonical.assign_origin_form(Scheme::http, "allowed.example", "/http://blocked.example/").has_value());
  CHECK(canonical.host() == "allowed.example");
  struct Row {
    std::string_view host;
    std::string_view target;
  };
  for (const Row& row :
       {Row{"", "/"}, Row{"allowed.example", ""}, Row{"allowed.example", "*"}, Row{"allowed.example", "x"},
        Row{"allowed.example", "\\x"}, Row{"me@allowed.example", "/"}, Row{"allowed.example/x", "/"},
        Row{"allowed.example, blocked.example", "/"}, Row{"allowed.example:x", "/"}, Row{"allowed.example:80:80", "/"},
        Row{"allowed.example?x", "/"}, Row{"allowed.example#x", "/"}}) {
    CAPTURE(row.host);
    CAPTURE(row.target);
    CHECK_FALSE(canonical.assign_origin_form(Scheme::http, row.host, row.target).has_value());
  }
}

TEST_CASE("words and origin path: allowed look-alikes stay apart") {
  CanonicalUrl canonical;
  REQUIRE(canonical.assign("http://allowed.example/d/blocked/").has_value());
  CHECK(canonical.origin_path() == "/d/blocked/");
  REQUIRE(canonical.assign("http://notblocked.example/d").has_value());
  CHECK(canonical.host() == "notblocked.example");
  REQUIRE(canonical.assign("http://blocked.example.test/d").has_value());
  CHECK(canonical.host() == "blocked.example.test");
}
