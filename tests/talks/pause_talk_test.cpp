// While an administrator lets filtering rest.

#include <doctest/doctest.h>

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

namespace {

using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::rules::policy::Verdict;
using fairlead::talks::ask_for_tunnel;
using fairlead::talks::client_hello;
using fairlead::talks::get;
using fairlead::talks::open_tunnel;
using fairlead::talks::Talk;

}  // namespace

TEST_CASE("talk: a pause lets through what is blocked, as observed, and ends with it") {
  Talk talk;
  talk.paused = true;
  CHECK(talk.client(get("blocked.example")) == Ask::resolve);
  CHECK(talk.session.decision().verdict == Verdict::observe);
  CHECK(talk.session.judged_url().host() == "blocked.example");
  REQUIRE(talk.session.decision().category() != nullptr);
  CHECK(talk.session.decision().category()->id == "test-rules");
  Talk later;
  CHECK(later.client(get("blocked.example")) == Ask::refuse);
}

TEST_CASE("talk: a pause opens nothing that a statutory list holds, as host, in TLS or by an alias") {
  Talk plain;
  plain.paused = true;
  CHECK(plain.client(get("listed.example")) == Ask::refuse);
  CHECK(plain.session.refusal() == Refusal::blocked);
  Talk fronted;
  fronted.paused = true;
  open_tunnel(fronted, "open.example:443");
  CHECK(fronted.client(client_hello("listed.example")) == Ask::refuse);
  Talk alias;
  alias.paused = true;
  REQUIRE(alias.client(get("open.example")) == Ask::resolve);
  CHECK(alias.resolves_to({"192.0.2.1", false}, "listed.example") == Ask::refuse);
}

TEST_CASE("talk: a pause is one for tunnels, server names, aliases and addresses") {
  Talk tunnel;
  tunnel.paused = true;
  CHECK(ask_for_tunnel(tunnel, "blocked.example:443") == Ask::resolve);
  Talk fronted;
  fronted.paused = true;
  open_tunnel(fronted, "open.example:443");
  CHECK(fronted.client(client_hello("blocked.example")) == Ask::tunnel);
  CHECK(fronted.session.decision().verdict == Verdict::observe);
  Talk alias;
  alias.paused = true;
  REQUIRE(alias.client(get("open.example")) == Ask::resolve);
  CHECK(alias.resolves_to({"192.0.2.1", false}, "blocked.example") == Ask::connect);
  CHECK(alias.session.decision().verdict == Verdict::observe);
  Talk address("{connect_ports: [443], plain_connect_ports: [], local_targets: refuse, judge_addresses: true}");
  REQUIRE(address.client(get("open.example")) == Ask::resolve);
  CHECK(address.resolves_to({"192.0.2.66", false}) == Ask::refuse);
  Talk paused("{connect_ports: [443], plain_connect_ports: [], local_targets: refuse, judge_addresses: true}");
  paused.paused = true;
  REQUIRE(paused.client(get("open.example")) == Ask::resolve);
  CHECK(paused.resolves_to({"192.0.2.66", false}) == Ask::connect);
  CHECK(paused.session.decision().verdict == Verdict::observe);
}

TEST_CASE("talk: a pause leaves the port rules and the strict reading as they are") {
  Talk port;
  port.paused = true;
  CHECK(ask_for_tunnel(port, "open.example:22") == Ask::refuse);
  CHECK(port.session.refusal() == Refusal::port);
}
