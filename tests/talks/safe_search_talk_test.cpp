#include <doctest/doctest.h>

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

namespace {

using fairlead::Errc;
using fairlead::Error;
using fairlead::Side;
using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::talks::ask_for_tunnel;
using fairlead::talks::client_hello;
using fairlead::talks::open_tunnel;
using fairlead::talks::Talk;

/// Addresses in place of names are let through here: what they would get round is the affair of these talks.
constexpr std::string_view kNetwork =
    "{connect_ports: [443, 2222], plain_connect_ports: [2222], local_targets: refuse, address_targets: allow}";
const Error kNoSuchName{Errc::not_found, Side::upstream, "no such name"};

Ask get(Talk& talk, const std::string& host, const std::string& target = "/") {
  return talk.client("GET http://" + host + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
}

}  // namespace

TEST_CASE("talk: a tunnel to a search engine is connected to its safe host, and its bytes pass") {
  for (const char* authority : {"search.example:443", "WWW.Search.example.:443", "www.search.co.uk:443"}) {
    CAPTURE(authority);
    Talk talk;
    REQUIRE(ask_for_tunnel(talk, authority) == Ask::resolve);
    CHECK(talk.session.target_host() == "safe.example");
    CHECK(talk.session.target_port() == 443);
    CHECK(talk.session.requested_host() != "safe.example");
  }
  Talk talk;
  open_tunnel(talk, "www.search.co.uk:443");
  CHECK(talk.client(client_hello("www.search.co.uk")) == Ask::tunnel);
}

TEST_CASE("talk: an address, and a port where anything may pass") {
  Talk address(kNetwork);
  REQUIRE(ask_for_tunnel(address, "203.0.113.7:443") == Ask::resolve);
  CHECK(address.session.target_host() == "203.0.113.7");
  Talk plain;
  REQUIRE(ask_for_tunnel(plain, "search.example:2222") == Ask::resolve);
  CHECK(plain.session.target_host() == "safe.example");
}

TEST_CASE("talk: a plain request to a search engine goes to its safe host with the name that was asked for") {
  Talk talk;
  REQUIRE(get(talk, "www.search.example", "/find?q=roof&safe=off&safe=no") == Ask::resolve);
  CHECK(talk.session.target_host() == "safe.example");
  REQUIRE(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::forward);
  CHECK(talk.session.upstream_head().starts_with("GET /find?q=roof&safe=on HTTP/1.1\r\nHost: www.search.example\r\n"));
}

TEST_CASE("talk: a tunnel to the port of http is mapped, and so is every request inside") {
  Talk talk;
  open_tunnel(talk, "search.example:80");
  const std::string key(talk.session.upstream_key());
  REQUIRE(talk.client("GET /?q=roof HTTP/1.1\r\nHost: search.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.session.target_host() == "safe.example");
  CHECK(talk.session.upstream_key() == key);
  REQUIRE(talk.session.connected() == Ask::forward);
  CHECK(talk.session.upstream_head().starts_with("GET /?q=roof&safe=on HTTP/1.1\r\nHost: search.example\r\n"));
}

TEST_CASE("talk: a connection to the safe host is never taken for one to the engine itself") {
  Talk held(kNetwork), free(kNetwork, "free");
  REQUIRE(get(held, "search.example") == Ask::resolve);
  REQUIRE(get(free, "search.example") == Ask::resolve);
  CHECK(free.session.upstream_key() == "search.example");
  CHECK(held.session.upstream_key() != free.session.upstream_key());
  // And the next request of the same client to another site is its own.
  REQUIRE(held.resolves_to({"192.0.2.1", false}) == Ask::connect);
  REQUIRE(held.session.connected() == Ask::forward);
  held.consume();
  REQUIRE(held.session.exchange_done() == Ask::more_bytes);
  REQUIRE(get(held, "open.example", "/?safe=off") == Ask::resolve);
  CHECK(held.session.target_host() == "open.example");
  CHECK(held.session.upstream_key() == "open.example");
  CHECK(held.session.upstream_head().starts_with("GET /?safe=off HTTP/1.1\r\nHost: open.example\r\n"));
}

TEST_CASE("talk: a group without safe search goes where it asks to go") {
  Talk talk(kNetwork, "free");
  REQUIRE(get(talk, "search.example", "/?q=roof&safe=off") == Ask::resolve);
  CHECK(talk.session.target_host() == "search.example");
  CHECK(talk.session.upstream_head().starts_with("GET /?q=roof&safe=off HTTP/1.1\r\n"));
  CHECK(talk.session.lookup_failed(kNoSuchName) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::no_such_site);
}

TEST_CASE("talk: when the safe host cannot be found the engine is refused, whatever the name server says") {
  for (const Errc code : {Errc::not_found, Errc::timed_out, Errc::closed, Errc::unreachable}) {
    Talk talk;
    REQUIRE(ask_for_tunnel(talk, "www.search.de:443") == Ask::resolve);
    CHECK(talk.session.lookup_failed(Error{code, Side::upstream, "why"}) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::safe_search);
    CHECK(talk.session.error().context == "safe search unavailable: safe.example: why");
  }
  // A kept connection that was dead is looked up anew.
  Talk again;
  REQUIRE(get(again, "search.example") == Ask::resolve);
  REQUIRE(again.session.connected() == Ask::forward);
  CHECK(again.session.lookup_failed(kNoSuchName) == Ask::refuse);
  CHECK(again.session.refusal() == Refusal::safe_search);
}

TEST_CASE("talk: a safe host that leads to this machine is refused like every other name") {
  Talk talk;
  REQUIRE(get(talk, "search.example") == Ask::resolve);
  CHECK(talk.resolves_to({"127.0.0.1", true}) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::local_target);
}

TEST_CASE("talk: a search engine named inside a tunnel that leads elsewhere is refused") {
  for (const char* outside : {"open.example:443", "203.0.113.7:443"}) {
    CAPTURE(outside);
    Talk talk(kNetwork);
    open_tunnel(talk, outside);
    CHECK(talk.client(client_hello("www.search.example")) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::safe_search);
    Talk free(kNetwork, "free");
    open_tunnel(free, outside);
    CHECK(free.client(client_hello("www.search.example")) == Ask::tunnel);
  }
  for (const char* same : {"search.example:443", "safe.example:443"}) {
    CAPTURE(same);
    Talk talk;
    open_tunnel(talk, same);
    CHECK(talk.client(client_hello("www.search.co.uk")) == Ask::tunnel);
  }
}
