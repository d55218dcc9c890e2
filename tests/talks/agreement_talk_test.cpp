// A person who has yet to answer what they are asked to agree to.

#include <doctest/doctest.h>

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

namespace {

using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::talks::ask_for_tunnel;
using fairlead::talks::client_hello;
using fairlead::talks::open_tunnel;
using fairlead::talks::Talk;

Talk held_up() {
  Talk talk;
  talk.held_up = true;
  return talk;
}

}  // namespace

TEST_CASE("talk: nothing opens before the person has answered") {
  Talk plain = held_up();
  CHECK(plain.client(fairlead::talks::get("open.example")) == Ask::refuse);
  CHECK(plain.session.refusal() == Refusal::agreement);
  Talk tunnel = held_up();
  CHECK(ask_for_tunnel(tunnel, "open.example:443") == Ask::refuse);
  CHECK(tunnel.session.refusal() == Refusal::agreement);
  CHECK(tunnel.session.is_blocked_tls_tunnel());
  CHECK(tunnel.session.judged_url().host() == "open.example");
}

TEST_CASE("talk: protected services are never held up, nor the page that asks") {
  Talk help = held_up();
  CHECK(ask_for_tunnel(help, "help.example:443") == Ask::resolve);
  Talk plain = held_up();
  CHECK(plain.client(fairlead::talks::get("help.example")) == Ask::resolve);
  Talk page = held_up();
  CHECK(page.client("GET http://127.0.0.1:3129/agreement HTTP/1.1\r\nHost: 127.0.0.1:3129\r\n\r\n") != Ask::forward);
  CHECK(page.session.refusal() != Refusal::agreement);
  Talk page6 = held_up();
  CHECK(page6.client("GET http://[::1]:3129/agreement HTTP/1.1\r\nHost: [::1]:3129\r\n\r\n") != Ask::forward);
  CHECK(page6.session.refusal() != Refusal::agreement);
}

TEST_CASE("talk: what is blocked is told as blocked, also to who has yet to answer") {
  Talk talk = held_up();
  CHECK(ask_for_tunnel(talk, "blocked.example:443") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: inside the tunnel of who waits, a blocked page is told as blocked, and any other waits") {
  Talk talk = held_up();
  REQUIRE(ask_for_tunnel(talk, "notes.example:443") == Ask::refuse);
  talk.session.enter_blocked_tunnel();
  CHECK(talk.session.client_bytes("GET /open HTTP/1.1\r\nHost: notes.example\r\n\r\n", talk.now()) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::agreement);
  Talk other = held_up();
  REQUIRE(ask_for_tunnel(other, "notes.example:443") == Ask::refuse);
  other.session.enter_blocked_tunnel();
  CHECK(other.session.client_bytes("GET /secret HTTP/1.1\r\nHost: notes.example\r\n\r\n", other.now()) == Ask::refuse);
  CHECK(other.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: a protected name in CONNECT opens no other name in TLS") {
  Talk talk = held_up();
  open_tunnel(talk, "help.example:443");
  CHECK(talk.client(client_hello("open.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::agreement);
  Talk same = held_up();
  open_tunnel(same, "help.example:443");
  CHECK(same.client(client_hello("www.help.example")) == Ask::tunnel);
}

TEST_CASE("talk: of a tunnel for http, each request waits by itself") {
  Talk talk = held_up();
  REQUIRE(ask_for_tunnel(talk, "open.example:80") == Ask::resolve);
}
