#include <doctest/doctest.h>

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

namespace {

using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::talks::client_hello;
using fairlead::talks::open_tunnel;
using fairlead::talks::Talk;

}  // namespace

TEST_CASE("talk: a tunnel opens after a whole ClientHello for an allowed name") {
  Talk talk;
  open_tunnel(talk, "open.example:443");
  const std::string hello = client_hello("open.example");
  CHECK(talk.client(hello.substr(0, 30)) == Ask::more_bytes);
  CHECK(talk.client(hello.substr(30)) == Ask::tunnel);
}

TEST_CASE("talk: the name in the ClientHello is judged, not only the CONNECT host") {
  Talk talk;
  open_tunnel(talk, "open.example:443");
  CHECK(talk.client(client_hello("WWW.blocked.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "www.blocked.example");
  CHECK(talk.session.request().method.empty());  // those bytes are gone: nothing may look at them
}

TEST_CASE("talk: what is not TLS does not pass through port 443") {
  for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n", "GET / HTTP/1.1\r\n\r\n"}) {
    Talk talk;
    open_tunnel(talk, "open.example:443");
    CAPTURE(bytes);
    CHECK(talk.client(bytes) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::not_tls);
  }
}

TEST_CASE("talk: a port named by the policy may carry something else than TLS") {
  Talk talk;
  open_tunnel(talk, "open.example:2222");
  CHECK(talk.client("") == Ask::tunnel);
}

TEST_CASE("talk: a tunnel to the port of http carries requests, and each of them is judged") {
  Talk talk;
  open_tunnel(talk, "open.example:80");
  CHECK_FALSE(talk.session.is_connect());
  CHECK(talk.client("") == Ask::more_bytes);
  CHECK(talk.client("GET /chat?room=1 HTTP/1.1\r\nHost: open.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n") ==
        Ask::resolve);
  CHECK(talk.session.judged_url().href().empty());
  CHECK(talk.session.upstream_key() == "open.example");
  CHECK(talk.session.connected() == Ask::forward);
  CHECK(talk.session.upstream_head().starts_with("GET /chat?room=1 HTTP/1.1\r\nHost: open.example\r\n"));
  CHECK(talk.session.upstream_head().find("Upgrade: websocket") != std::string::npos);
}

TEST_CASE("talk: a tunnel to the port of http hides nothing") {
  struct Row {
    const char* request;
    Refusal refusal;
  };
  for (const Row& row :
       {Row{"GET / HTTP/1.1\r\nHost: www.blocked.example\r\n\r\n", Refusal::blocked},
        Row{"GET /badword HTTP/1.1\r\nHost: open.example\r\n\r\n", Refusal::blocked},
        Row{"GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n", Refusal::malformed},
        Row{"CONNECT open.example:443 HTTP/1.1\r\nHost: open.example:443\r\n\r\n", Refusal::malformed},
        Row{"SSH-2.0-OpenSSH_9.2\r\n\r\n", Refusal::malformed}, Row{"\x16\x03\x01\x02\x00\x01", Refusal::malformed}}) {
    Talk talk;
    open_tunnel(talk, "open.example:80");
    CAPTURE(row.request);
    CHECK(talk.client(row.request) == Ask::refuse);
    CHECK(talk.session.refusal() == row.refusal);
  }
}

TEST_CASE("talk: a watched host in a tunnel to the port of http is noted for its requests, not for the tunnel") {
  using fairlead::rules::policy::Verdict;
  Talk talk;
  open_tunnel(talk, "watched.example:80");
  CHECK(talk.session.decision().verdict == Verdict::allow);
  CHECK(talk.client("GET / HTTP/1.1\r\nHost: watched.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.session.decision().verdict == Verdict::observe);
}

TEST_CASE("talk: requests inside a tunnel to notes.example:80 are to notes.example, whatever their Host says") {
  Talk talk;
  open_tunnel(talk, "notes.example:80");
  CHECK(talk.client("GET /secret HTTP/1.1\r\nHost: open.example\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "notes.example");
}

TEST_CASE("talk: CONNECT to another port is refused, a blocked host there is told as blocked") {
  Talk open;
  CHECK(open.client("CONNECT open.example:22 HTTP/1.1\r\nHost: open.example:22\r\n\r\n") == Ask::refuse);
  CHECK(open.session.refusal() == Refusal::port);
  Talk blocked;
  CHECK(blocked.client("CONNECT blocked.example:22 HTTP/1.1\r\nHost: blocked.example:22\r\n\r\n") == Ask::refuse);
  CHECK(blocked.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: CONNECT takes host and port, nothing else") {
  for (const char* target : {"open.example", "open.example:", "open.example:443/x", "http://open.example:443", ":443",
                             "u@open.example:443", "open.example:99999"}) {
    Talk talk;
    const std::string request = std::string("CONNECT ") + target + " HTTP/1.1\r\nHost: open.example\r\n\r\n";
    CAPTURE(target);
    CHECK(talk.client(request) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::malformed);
  }
}

TEST_CASE("talk: nothing that is asked for inside a blocked tunnel opens it, and each of it tells the URL") {
  for (const char* authority : {"blocked.example:443", "www.blocked.example:443"}) {
    Talk talk;
    const std::string request = std::string("CONNECT ") + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    REQUIRE(talk.client(request) == Ask::refuse);
    CHECK(talk.session.is_blocked_tls_tunnel());
    talk.session.release_head();
    talk.consume();
    talk.session.enter_blocked_tunnel();
    CHECK(talk.client("GET /lesson?q=badword HTTP/1.1\r\nHo") == Ask::more_bytes);
    CHECK(talk.client("st: open.example\r\n\r\n") == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::blocked);
    CHECK_FALSE(talk.session.is_connect());
    CHECK(talk.session.judged_url().scheme() == fairlead::rules::url::Scheme::https);
    CHECK(talk.session.judged_url().path() == "/lesson");
    CHECK(talk.session.decision().verdict == fairlead::rules::policy::Verdict::block);
  }
}

TEST_CASE("talk: only a blocked tunnel that carries TLS is answered inside") {
  Talk plain;
  REQUIRE(plain.client("GET http://blocked.example/ HTTP/1.1\r\nHost: blocked.example\r\n\r\n") == Ask::refuse);
  CHECK_FALSE(plain.session.is_blocked_tls_tunnel());
  for (const char* authority : {"blocked.example:80", "blocked.example:2222"}) {
    Talk talk;
    CAPTURE(authority);
    const std::string request = std::string("CONNECT ") + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    REQUIRE(talk.client(request) == Ask::refuse);
    CHECK_FALSE(talk.session.is_blocked_tls_tunnel());
  }
  Talk odd_port;
  REQUIRE(odd_port.client("CONNECT open.example:22 HTTP/1.1\r\nHost: open.example:22\r\n\r\n") == Ask::refuse);
  CHECK_FALSE(odd_port.session.is_blocked_tls_tunnel());
}

TEST_CASE("talk: a tunnel to a host that the policy names is read, and each request inside is judged as what it is") {
  Talk talk;
  open_tunnel(talk, "www.read.example:443");
  const std::string hello = client_hello("www.read.example");
  CHECK(talk.client(hello.substr(0, 40)) == Ask::more_bytes);
  REQUIRE(talk.client(hello.substr(40)) == Ask::inspect);
  CHECK_FALSE(talk.session.is_inspecting());
  CHECK(talk.session.client_hello().server_name == "www.read.example");
  talk.drop(hello.size());
  talk.session.enter_inspected_tunnel();
  CHECK(talk.session.is_inspecting());
  REQUIRE(talk.client("GET /lesson?q=1 HTTP/1.1\r\nHost: www.read.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.session.upstream_key() == "www.read.example");
  CHECK(talk.session.target_port() == 443);
  REQUIRE(talk.session.connected() == Ask::forward);
  CHECK(talk.session.upstream_head().starts_with("GET /lesson?q=1 HTTP/1.1\r\nHost: www.read.example\r\n"));
}

namespace {

void inspect(Talk& talk) {
  open_tunnel(talk, "read.example:443");
  const std::string hello = client_hello("read.example");
  REQUIRE(talk.client(hello) == Ask::inspect);
  talk.drop(hello.size());
  talk.session.enter_inspected_tunnel();
}

}  // namespace

TEST_CASE("talk: what is blocked by its path, its Host or a tunnel of its own does not leave an inspected tunnel") {
  struct Row {
    const char* request;
    Refusal refusal;
  };
  for (const Row& row : {Row{"GET /badword HTTP/1.1\r\nHost: read.example\r\n\r\n", Refusal::blocked},
                         Row{"GET / HTTP/1.1\r\nHost: www.blocked.example\r\n\r\n", Refusal::blocked},
                         Row{"GET https://read.example/ HTTP/1.1\r\nHost: read.example\r\n\r\n", Refusal::malformed},
                         Row{"CONNECT read.example:443 HTTP/1.1\r\nHost: read.example\r\n\r\n", Refusal::malformed},
                         Row{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Refusal::unsupported}}) {
    Talk talk;
    inspect(talk);
    CAPTURE(row.request);
    CHECK(talk.client(row.request) == Ask::refuse);
    CHECK(talk.session.refusal() == row.refusal);
    CHECK_FALSE(talk.session.is_blocked_tls_tunnel());
  }
}

TEST_CASE("talk: another host in the Host field of an inspected request goes to the tunnel's host alone") {
  Talk talk;
  inspect(talk);
  REQUIRE(talk.client("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n") == Ask::resolve);
  REQUIRE(talk.session.connected() == Ask::forward);
  CHECK(talk.session.target_host() == "read.example");
  CHECK(talk.session.upstream_head().find("other.example") == std::string::npos);
}

TEST_CASE("talk: a server name that is inspected is read whatever the tunnel is called") {
  for (const char* tunnel : {"open.example:443", "192.0.2.1:443"}) {
    Talk talk("{connect_ports: [443], local_targets: refuse, address_targets: allow}");
    CAPTURE(tunnel);
    open_tunnel(talk, tunnel);
    const std::string hello = client_hello("read.example");
    REQUIRE(talk.client(hello) == Ask::inspect);
    CHECK(talk.session.target_host() == "read.example");
    talk.drop(hello.size());
    talk.session.enter_inspected_tunnel();
    CHECK(talk.client("GET /badword HTTP/1.1\r\nHost: read.example\r\n\r\n") == Ask::refuse);
  }
}

TEST_CASE("talk: an inspected tunnel with another server name is refused, or its host could be reached unread") {
  Talk talk;
  open_tunnel(talk, "read.example:443");
  CHECK(talk.client(client_hello("open.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::not_tls);
}

TEST_CASE("talk: an origin that cannot prove who it is has a reason of its own") {
  using fairlead::Errc;
  using fairlead::Side;
  Talk talk;
  inspect(talk);
  REQUIRE(talk.client("GET / HTTP/1.1\r\nHost: read.example\r\n\r\n") == Ask::resolve);
  CHECK(talk.session.upstream_failed({Errc::untrusted, Side::upstream, "certificate has expired"}) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::untrusted_site);
}
