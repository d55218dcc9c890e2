#include <doctest/doctest.h>

#include "tests/talks/talk.hpp"

namespace {

using fairlead::agent::session::Address;
using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::talks::Talk;

/// Up to the point where the request would go to the origin.
Ask forward(Talk& talk, std::string_view bytes) {
  Ask ask = talk.client(bytes);
  if (ask == Ask::resolve) ask = talk.resolves_to({"192.0.2.1", false});
  if (ask == Ask::connect) ask = talk.session.connected();
  return ask;
}

}  // namespace

TEST_CASE("talk: a request is forwarded rebuilt, never as it came") {
  Talk talk;
  const Ask ask = forward(talk,
                          "GET HTTP://OPEN.example:80/a/../b%2D?q=1#frag HTTP/1.1\r\nHost: open.example\r\n"
                          "Proxy-Connection: keep-alive\r\nX-Mine: yes\r\nConnection: x-hide\r\nX-Hide: 1\r\n\r\n");
  CHECK(ask == Ask::forward);
  const std::string& head = talk.session.upstream_head();
  CHECK(head.starts_with("GET /b-?q=1 HTTP/1.1\r\nHost: open.example\r\n"));
  CHECK(head.find("X-Mine: yes") != std::string::npos);
  CHECK(head.find("Proxy-Connection") == std::string::npos);
  CHECK(head.find("X-Hide") == std::string::npos);
}

TEST_CASE("talk: a head that comes byte by byte is the same request") {
  Talk talk;
  const std::string_view whole = "GET http://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\n\r\n";
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) REQUIRE(talk.client(whole.substr(i, 1)) == Ask::more_bytes);
  CHECK(talk.client(whole.substr(whole.size() - 1)) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: each request of a kept connection is judged anew") {
  Talk talk;
  REQUIRE(forward(talk, "GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n") == Ask::forward);
  talk.consume();
  REQUIRE(talk.session.exchange_done() == Ask::more_bytes);
  CHECK(talk.client("GET http://www.blocked.example/ HTTP/1.1\r\nHost: www.blocked.example\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.decision().category()->id == "test-rules");
}

TEST_CASE("talk: the Host field is judged beside the target") {
  Talk talk;
  CHECK(talk.client("GET http://open.example/ HTTP/1.1\r\nHost: www.blocked.example\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "www.blocked.example");
}

TEST_CASE("talk: a path is judged as a lenient origin would read it") {
  for (const char* path : {"/secret", "/secret/x", "//secret/x", "/a/%2e%2e/secret", "/;x/../secret", "/secret;v=1/x",
                           "/%73ecret", "/a\\..\\secret", "/a%2f..%2fsecret"}) {
    Talk talk;
    const std::string request =
        std::string("GET http://notes.example") + path + " HTTP/1.1\r\nHost: notes.example\r\n\r\n";
    CAPTURE(path);
    CHECK(talk.client(request) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::blocked);
  }
  Talk talk;
  CHECK(talk.client("GET http://notes.example/secrets HTTP/1.1\r\nHost: notes.example\r\n\r\n") == Ask::resolve);
}

TEST_CASE("talk: only the absolute-form of http is carried") {
  struct Row {
    const char* request;
    Refusal refusal;
  };
  const Row rows[] = {
      {"GET /x HTTP/1.1\r\nHost: open.example\r\n\r\n", Refusal::malformed},
      {"OPTIONS * HTTP/1.1\r\nHost: open.example\r\n\r\n", Refusal::malformed},
      {"GET ftp://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n", Refusal::malformed},
      {"GET https://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n", Refusal::unsupported},
      {"GET https://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\n\r\n", Refusal::blocked},
      {"GET ws://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\n\r\n", Refusal::blocked},
      {"GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\nExpect: tea\r\n\r\n", Refusal::expectation},
      {"GET http://open.example/ HTTP/2.0\r\nHost: open.example\r\n\r\n", Refusal::unsupported},
      {"GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\nContent-Length: 1\r\nTransfer-Encoding: "
       "chunked\r\n\r\n",
       Refusal::malformed},
  };
  for (const Row& row : rows) {
    Talk talk;
    CAPTURE(row.request);
    REQUIRE(talk.client(row.request) == Ask::refuse);
    CHECK(talk.session.refusal() == row.refusal);
  }
}

TEST_CASE("talk: a name that leads to this machine is refused, whatever it is called") {
  Talk talk;
  REQUIRE(talk.client("GET http://rebind.example/ HTTP/1.1\r\nHost: rebind.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.resolves_to({"127.0.0.1", true}) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::local_target);
}

TEST_CASE("talk: a host of the office may lead to its private network, to this machine it may not, and no other may") {
  const std::string_view network =
      "{connect_ports: [443], local_targets: refuse, local_hosts: [office.example, 10.1.2.3]}";
  struct Row {
    const char* host;
    Address address;
    Ask then;
  };
  for (const Row& row :
       {Row{"office.example", {"192.168.1.10", true}, Ask::connect},
        Row{"files.office.example", {"fd00::10", true}, Ask::connect},
        Row{"10.1.2.3", {"10.1.2.3", true}, Ask::connect}, Row{"office.example", {"203.0.113.1", false}, Ask::connect},
        Row{"office.example", {"127.0.0.1", true}, Ask::refuse},
        Row{"office.example", {"169.254.169.254", true}, Ask::refuse},
        Row{"office.example", {"::1", true}, Ask::refuse},
        Row{"notoffice.example", {"192.168.1.10", true}, Ask::refuse},
        Row{"10.1.2.4", {"10.1.2.4", true}, Ask::refuse}}) {
    CAPTURE(row.host);
    CAPTURE(row.address.text);
    Talk talk(network);
    REQUIRE(talk.client(fairlead::talks::get(row.host)) == Ask::resolve);
    CHECK(talk.resolves_to(row.address) == row.then);
  }
}

TEST_CASE("talk: where the policy asks, the address behind a name is judged too") {
  Talk talk("{connect_ports: [443], local_targets: allow, judge_addresses: true}");
  REQUIRE(talk.client("GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.resolves_to({"192.0.2.66", false}) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "192.0.2.66");
}

TEST_CASE("talk: an IP address in place of a name is refused with a reason of its own, by CONNECT too") {
  for (const std::string_view head : {"GET http://93.184.216.34/ HTTP/1.1\r\nHost: 93.184.216.34\r\n\r\n",
                                      "GET http://0x5db8d822/ HTTP/1.1\r\nHost: 0x5db8d822\r\n\r\n",
                                      "CONNECT 93.184.216.34:443 HTTP/1.1\r\nHost: 93.184.216.34:443\r\n\r\n",
                                      "CONNECT [2606:2800::1]:443 HTTP/1.1\r\nHost: x\r\n\r\n",
                                      "GET http://open.example/ HTTP/1.1\r\nHost: 93.184.216.34\r\n\r\n"}) {
    CAPTURE(head);
    Talk talk;
    CHECK(talk.client(head) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::ip_literal);
  }
  Talk talk;
  CHECK(talk.client("GET http://192.0.2.66/ HTTP/1.1\r\nHost: 192.0.2.66\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);  // a rule that names it says more
}

TEST_CASE("talk: a name that is an alias of a blocked one is blocked, and says both") {
  Talk talk;
  REQUIRE(talk.client("GET http://innocent.example/ HTTP/1.1\r\nHost: innocent.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.resolves_to({"192.0.2.1", false}, "CDN.blocked.example.") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "innocent.example");
  CHECK(talk.session.decision().address == "http://cdn.blocked.example/");
}

TEST_CASE("talk: an alias that says nothing, or that nobody asks about, closes nothing") {
  const std::string_view request = "GET http://innocent.example/ HTTP/1.1\r\nHost: innocent.example\r\n\r\n";
  for (const std::string_view name : {"", "innocent.example", "other.example", "watched.example", "not a name"}) {
    CAPTURE(name);
    Talk talk;
    REQUIRE(talk.client(request) == Ask::resolve);
    CHECK(talk.resolves_to({"192.0.2.1", false}, name) == Ask::connect);
  }
  Talk unasked("{connect_ports: [443], local_targets: refuse, judge_aliases: false}");
  REQUIRE(unasked.client(request) == Ask::resolve);
  CHECK(unasked.resolves_to({"192.0.2.1", false}, "blocked.example") == Ask::connect);
}

TEST_CASE("talk: no alias closes a protected service") {
  Talk talk;
  REQUIRE(talk.client("GET http://help.example/ HTTP/1.1\r\nHost: help.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.resolves_to({"192.0.2.1", false}, "blocked.example") == Ask::connect);
}

TEST_CASE("talk: a translator's CONNECT is judged by the site in its name") {
  Talk talk;
  CHECK(talk.client("CONNECT www-blocked-example.translate.goog:443 HTTP/1.1\r\nHost: "
                    "www-blocked-example.translate.goog:443\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "www-blocked-example.translate.goog");
}

TEST_CASE("talk: an observed request goes on and says so") {
  Talk talk;
  CHECK(talk.client("GET http://watched.example/ HTTP/1.1\r\nHost: watched.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.session.decision().verdict == fairlead::rules::policy::Verdict::observe);
  CHECK(talk.session.judged_url().host() == "watched.example");
}

TEST_CASE("talk: only a request without a body may be sent twice") {
  Talk get;
  REQUIRE(forward(get, "GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n") == Ask::forward);
  CHECK(get.session.may_retry());
  Talk post;
  REQUIRE(forward(post, "POST http://open.example/ HTTP/1.1\r\nHost: open.example\r\nContent-Length: 1\r\n\r\nx") ==
          Ask::forward);
  CHECK_FALSE(post.session.may_retry());
  CHECK(post.session.request().method.empty());  // its bytes are about to be overwritten by the body
}
