#include <doctest/doctest.h>

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

namespace {

using fairlead::agent::session::Ask;
using fairlead::agent::session::Refusal;
using fairlead::talks::client_hello;
using fairlead::talks::Talk;

constexpr std::string_view kPlain = "{connect_ports: [443], local_targets: refuse}";

/// A client that the firewall brought here on its way to 203.0.113.9.
Talk redirected(std::uint16_t port, std::string_view network = kPlain) {
  Talk talk(network);
  talk.session.begin_redirected("203.0.113.9", port);
  return talk;
}

std::string request_for(std::string_view target, std::string_view host) {
  std::string head("GET ");
  return head.append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n\r\n");
}

}  // namespace

TEST_CASE("talk: redirected TLS goes to the host that it names, not to the address that it was on the way to") {
  Talk talk = redirected(443);
  const std::string hello = client_hello("Open.Example");
  CHECK(talk.client("") == Ask::more_bytes);
  CHECK(talk.client(hello.substr(0, 1)) == Ask::more_bytes);
  CHECK(talk.client(hello.substr(1, 30)) == Ask::more_bytes);
  CHECK(talk.client(hello.substr(31)) == Ask::resolve);
  CHECK(talk.session.target_host() == "open.example");
  CHECK(talk.session.target_port() == 443);
  CHECK(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  CHECK(talk.session.connected() == Ask::tunnel);  // and nobody is told "200": nobody asked
}

TEST_CASE("talk: redirected TLS is judged by the name in it") {
  for (const char* name : {"blocked.example", "WWW.blocked.example", "xn--badword-.example"}) {
    Talk talk = redirected(443);
    CAPTURE(name);
    CHECK(talk.client(client_hello(name)) == Ask::refuse);
  }
  Talk talk = redirected(443);
  CHECK(talk.client(client_hello("www.blocked.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
  CHECK(talk.session.judged_url().host() == "www.blocked.example");
  CHECK(talk.session.is_bare_tls());
  CHECK(talk.session.is_blocked_tls_tunnel());  // so that its page can be shown
}

TEST_CASE("talk: redirected TLS for a name that leads home goes nowhere") {
  Talk talk = redirected(443);
  REQUIRE(talk.client(client_hello("open.example")) == Ask::resolve);
  CHECK(talk.resolves_to({"127.0.0.1", true}) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::local_target);
}

TEST_CASE("talk: redirected TLS without a name is asked for its address, which is refused as any address is") {
  Talk talk = redirected(443);
  CHECK(talk.client(client_hello("")) == Ask::refuse);
  CHECK(talk.session.judged_url().host() == "203.0.113.9");
  CHECK(talk.session.refusal() == Refusal::ip_literal);

  Talk open = redirected(443, "{connect_ports: [443], address_targets: allow}");
  CHECK(open.client(client_hello("")) == Ask::resolve);
  CHECK(open.session.target_host() == "203.0.113.9");
}

TEST_CASE("talk: redirected TLS at a port that no tunnel may go to is refused") {
  Talk talk = redirected(8443);
  CHECK(talk.client(client_hello("open.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::port);
  Talk listed = redirected(8443, "{connect_ports: [443, 8443], local_targets: refuse}");
  CHECK(listed.client(client_hello("open.example")) == Ask::resolve);
  CHECK(listed.session.target_port() == 8443);
}

TEST_CASE("talk: redirected TLS for a host that is read inside is read inside") {
  Talk talk = redirected(443);
  REQUIRE(talk.client(client_hello("www.read.example")) == Ask::resolve);
  REQUIRE(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  CHECK(talk.session.connected() == Ask::inspect);
  talk.session.enter_inspected_tunnel();
  CHECK_FALSE(talk.session.is_bare_tls());
  talk.drop(client_hello("www.read.example").size());
  CHECK(talk.client("GET /badword HTTP/1.1\r\nHost: www.read.example\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: redirected TLS is led to an engine's safe mode") {
  Talk talk = redirected(443);
  REQUIRE(talk.client(client_hello("www.search.example")) == Ask::resolve);
  CHECK(talk.session.target_host() == "safe.example");
}

TEST_CASE("talk: redirected TLS waits for the person's agreement") {
  Talk talk = redirected(443);
  talk.held_up = true;
  CHECK(talk.client(client_hello("open.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::agreement);
  Talk help = redirected(443);
  help.held_up = true;
  CHECK(help.client(client_hello("help.example")) == Ask::resolve);
}

TEST_CASE("talk: a redirected request goes to the host that it names, at the port that the client connects to") {
  Talk talk = redirected(8080);
  CHECK(talk.client(request_for("/a?b=1", "Open.Example")) == Ask::resolve);
  CHECK(talk.session.target_host() == "open.example");
  CHECK(talk.session.target_port() == 8080);
  CHECK(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  CHECK(talk.session.connected() == Ask::forward);
  CHECK(talk.session.upstream_head().starts_with("GET /a?b=1 HTTP/1.1\r\nHost: open.example:8080\r\n"));

  Talk other_port = redirected(80);
  CHECK(other_port.client(request_for("/", "open.example:9")) == Ask::resolve);
  CHECK(other_port.session.target_port() == 80);
}

TEST_CASE("talk: an IPv6 address is read at its port as a name is") {
  constexpr std::string_view kOpen = "{connect_ports: [443], address_targets: allow}";
  Talk named = redirected(8080, kOpen);
  CHECK(named.client(request_for("/", "[2001:db8::9]:8080")) == Ask::resolve);
  CHECK(named.session.target_host() == "2001:db8::9");
  CHECK(named.session.target_port() == 8080);
  Talk unnamed(kOpen);
  unnamed.session.begin_redirected("2001:db8::9", 443);
  CHECK(unnamed.client(client_hello("")) == Ask::resolve);
  CHECK(unnamed.session.target_host() == "2001:db8::9");
}

TEST_CASE("talk: each redirected request of a connection is judged") {
  Talk talk = redirected(80);
  REQUIRE(talk.client(request_for("/", "notes.example")) == Ask::resolve);
  REQUIRE(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::forward);
  talk.consume();
  fairlead::agent::http::ResponseHead head;
  REQUIRE(fairlead::agent::http::parse_response_head("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", head));
  std::string out;
  REQUIRE(talk.session.response_head(head, out));
  REQUIRE(talk.session.exchange_done() == Ask::more_bytes);
  CHECK(talk.client(request_for("/secret/1", "notes.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: a redirected request without a host is asked of its address") {
  Talk talk = redirected(80);
  CHECK(talk.client("GET / HTTP/1.0\r\n\r\n") == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::ip_literal);
  CHECK(talk.session.judged_url().host() == "203.0.113.9");
}

TEST_CASE("talk: a Host field that is no host is refused, wherever the client was going") {
  for (const char* host : {"open.example:x", "a@blocked.example", "open.example/", "open .example"}) {
    Talk talk = redirected(80);
    CAPTURE(host);
    CHECK(talk.client(request_for("/", host)) == Ask::refuse);
    CHECK(talk.session.refusal() == Refusal::malformed);
  }
}

TEST_CASE("talk: whoever took somebody else's proxy finds ours") {
  Talk plain = redirected(8080);
  CHECK(plain.client(request_for("http://blocked.example/", "blocked.example")) == Ask::refuse);
  CHECK(plain.session.refusal() == Refusal::blocked);
  Talk tunnel = redirected(8080);
  CHECK(ask_for_tunnel(tunnel, "open.example:443") == Ask::resolve);
  REQUIRE(tunnel.resolves_to({"192.0.2.1", false}) == Ask::connect);
  CHECK(tunnel.session.connected() == Ask::send_established);
  tunnel.consume();
  CHECK(tunnel.client(client_hello("blocked.example")) == Ask::refuse);
  CHECK(tunnel.session.refusal() == Refusal::blocked);
}

TEST_CASE("talk: what is neither TLS nor HTTP is not passed on") {
  for (const char* bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "\x05\x01\x00\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
    Talk talk = redirected(80);
    CAPTURE(bytes);
    CHECK(talk.client(bytes) == Ask::refuse);
    CHECK(talk.session.refusal() != Refusal::blocked);
  }
  Talk broken = redirected(443);
  CHECK(broken.client(std::string("\x16\x03\x01\x00\x05hello", 10)) == Ask::refuse);
  CHECK(broken.session.refusal() == Refusal::not_tls);
}

TEST_CASE("talk: at the proxy itself an origin-form stays an error") {
  Talk talk;
  CHECK(talk.client(request_for("/", "open.example")) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::malformed);
}
