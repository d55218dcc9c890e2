// How requests leave a network that has a proxy of its own: what is said to that proxy, and never to anybody else.

#include "tests/talks/client_hello.hpp"
#include "tests/talks/talk.hpp"

using namespace fairlead;
using namespace fairlead::agent::session;
using talks::Talk;

namespace {

constexpr std::string_view kBehindProxy =
    "{connect_ports: [443, 2222], plain_connect_ports: [2222], local_hosts: [office.example, 10.1.2.3], "
    "address_targets: allow, upstream_proxy: {address: 'proxy.example:8080', except: [intranet.example]}}";
constexpr std::string_view kAuthorization = "Proxy-Authorization: Basic c2VjcmV0\r\n";

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string websocket(std::string_view host) {
  std::string head("GET http://");
  return head.append(host)
      .append("/chat HTTP/1.1\r\nHost: ")
      .append(host)
      .append(
          "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
          "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

agent::http::ResponseHead answer_of(std::string_view head) {
  agent::http::ResponseHead parsed;
  REQUIRE(agent::http::parse_response_head(head, parsed));
  return parsed;
}

}  // namespace

TEST_CASE("upstream proxy: a plain request goes to it in the absolute-form, with what it is told of us alone") {
  Talk talk(kBehindProxy);
  REQUIRE(talk.client("GET http://Open.example:80/a/../b?c#d HTTP/1.1\r\nHost: open.example\r\n"
                      "Proxy-Authorization: Basic Y2xpZW50\r\nProxy-Connection: keep-alive\r\n\r\n") == Ask::resolve);
  CHECK(talk.session.route() == Route::forwarded);
  REQUIRE(talk.session.left_to_proxy() == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::forward);
  CHECK(talk.session.upstream_head() ==
        "GET http://open.example/b?c HTTP/1.1\r\nHost: open.example\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\n");
}

TEST_CASE("upstream proxy: what is reached directly is asked in the origin-form and told nothing of us") {
  for (const std::string host : {"intranet.example", "a.intranet.example", "office.example", "printer", "localhost",
                                 "a.localhost", "printer.local", "127.0.0.1", "10.1.2.3", "[fe80::1]", "192.168.1.1"}) {
    CAPTURE(host);
    Talk talk(kBehindProxy);
    REQUIRE(talk.client(talks::get(host)) == Ask::resolve);
    CHECK(talk.session.route() == Route::direct);
    CHECK(talk.session.upstream_head() == "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    CHECK(talk.session.upstream_key() == host);
  }
}

TEST_CASE("upstream proxy: without one nobody is told anything of us") {
  Talk talk;
  REQUIRE(talk.client(talks::get("open.example")) == Ask::resolve);
  CHECK(talk.session.route() == Route::direct);
  CHECK_FALSE(holds(talk.session.upstream_head(), "Proxy-Authorization"));
}

TEST_CASE("upstream proxy: what goes through a tunnel of it is said to the origin, and so holds nothing of us") {
  for (const std::string& head : {websocket("open.example"), talks::get("search.example")}) {
    CAPTURE(head);
    Talk talk(kBehindProxy);
    REQUIRE(talk.client(head) == Ask::resolve);
    CHECK(talk.session.route() == Route::tunnelled);
    CHECK(talk.session.upstream_head().starts_with("GET /"));
    CHECK_FALSE(holds(talk.session.upstream_head(), "Proxy-Authorization"));
  }
}

TEST_CASE("upstream proxy: an engine's safe mode is what the tunnel is asked for") {
  Talk talk(kBehindProxy);
  REQUIRE(talks::ask_for_tunnel(talk, "www.search.example:443") == Ask::resolve);
  CHECK(talk.session.route() == Route::tunnelled);
  CHECK(tunnel_authority(talk.session.target_host(), talk.session.target_port()) == "safe.example:443");
}

TEST_CASE("upstream proxy: a request inside an inspected tunnel is the origin's alone") {
  Talk talk(kBehindProxy);
  REQUIRE(talks::ask_for_tunnel(talk, "read.example:443") == Ask::resolve);
  const std::string tunnel_key(talk.session.upstream_key());
  REQUIRE(talk.session.left_to_proxy() == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::send_established);
  talk.consume();
  REQUIRE(talk.client(talks::client_hello("read.example")) == Ask::inspect);
  talk.session.enter_inspected_tunnel();
  Talk inside(kBehindProxy);
  REQUIRE(talk.session.client_bytes("GET /a HTTP/1.1\r\nHost: read.example\r\n\r\n", talk.now()) == Ask::resolve);
  CHECK(talk.session.route() == Route::tunnelled);
  CHECK(talk.session.upstream_key() == tunnel_key);
  CHECK(talk.session.upstream_head() == "GET /a HTTP/1.1\r\nHost: read.example\r\n\r\n");
}

TEST_CASE("upstream proxy: a connection made one way is never taken for another") {
  Talk plain(kBehindProxy), web_socket(kBehindProxy), direct;
  REQUIRE(plain.client(talks::get("open.example")) == Ask::resolve);
  REQUIRE(web_socket.client(websocket("open.example")) == Ask::resolve);
  REQUIRE(direct.client(talks::get("open.example")) == Ask::resolve);
  CHECK(plain.session.upstream_key() != web_socket.session.upstream_key());
  CHECK(plain.session.upstream_key() != direct.session.upstream_key());
  CHECK(web_socket.session.upstream_key() != direct.session.upstream_key());
}

TEST_CASE("upstream proxy: a browser's tunnel to port 80 waits for what is said in it") {
  Talk talk(kBehindProxy);
  REQUIRE(talks::ask_for_tunnel(talk, "open.example:80") == Ask::resolve);
  CHECK(talk.session.route() == Route::forwarded);  // most proxies refuse a tunnel to this port
  const std::string key(talk.session.upstream_key());
  REQUIRE(talk.session.left_to_proxy() == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::send_established);
  REQUIRE(talk.session.client_bytes("GET /a HTTP/1.1\r\nHost: open.example\r\n\r\n", talk.now()) == Ask::resolve);
  CHECK(talk.session.upstream_key() == key);
  CHECK(talk.session.upstream_head().starts_with("GET http://open.example/a HTTP/1.1\r\n"));
  CHECK(holds(talk.session.upstream_head(), kAuthorization));
}

TEST_CASE("upstream proxy: it is not asked to say what it was told") {
  Talk talk(kBehindProxy);
  REQUIRE(talk.client("TRACE http://open.example/ HTTP/1.1\r\nHost: open.example\r\nMax-Forwards: 0\r\n\r\n") ==
          Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::unsupported);
}

TEST_CASE("upstream proxy: the decision comes first, and local addresses stay refused") {
  Talk blocked(kBehindProxy);
  CHECK(blocked.client(talks::get("blocked.example")) == Ask::refuse);
  CHECK(blocked.session.refusal() == Refusal::blocked);
  Talk local(kBehindProxy);
  REQUIRE(local.client(talks::get("192.168.1.1")) == Ask::resolve);
  CHECK(local.resolves_to({"192.168.1.1", true}) == Ask::refuse);
  CHECK(local.session.refusal() == Refusal::local_target);
}

TEST_CASE("upstream proxy: no browser is asked for the laptop's credentials") {
  Talk talk(kBehindProxy);
  REQUIRE(talk.client(talks::get("open.example")) == Ask::resolve);
  REQUIRE(talk.session.left_to_proxy() == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::forward);
  std::string out;
  const auto plan = talk.session.response_head(
      answer_of("HTTP/1.1 407 Who are you?\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"), out);
  REQUIRE_FALSE(plan);
  CHECK(plan.error().code == Errc::denied);
  CHECK(out.empty());
  CHECK(talk.session.proxy_failed(plan.error()) == Ask::refuse);
  CHECK(talk.session.refusal() == Refusal::upstream_proxy);
}

TEST_CASE("judge_tunnel_answer: any 2xx opens the tunnel, and nothing else") {
  CHECK(judge_tunnel_answer(answer_of("HTTP/1.1 200 Connection established\r\n\r\n")));
  CHECK(judge_tunnel_answer(answer_of("HTTP/1.0 204 fine\r\nContent-Length: 7\r\n\r\n")));
  const auto denied = judge_tunnel_answer(answer_of("HTTP/1.1 407 Who?\r\n\r\n"));
  REQUIRE_FALSE(denied);
  CHECK(denied.error().code == Errc::denied);
  for (const char* status : {"100", "301", "403", "502", "503"}) {
    CAPTURE(status);
    const std::string head = "HTTP/1.1 " + std::string(status) + " no\r\n\r\n";
    const auto refused = judge_tunnel_answer(answer_of(head));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::refused);
  }
}

TEST_CASE("tunnel_authority: names the port always, and IPv6 in brackets") {
  CHECK(tunnel_authority("open.example", 443) == "open.example:443");
  CHECK(tunnel_authority("2001:db8::1", 443) == "[2001:db8::1]:443");
}
