#include "agent/http/forward.hpp"

#include <doctest/doctest.h>

#include <string>

using fairlead::rules::url::CanonicalUrl;
using namespace fairlead::agent::http;

namespace {

RequestHead parse(std::string_view bytes) {
  RequestHead head;
  REQUIRE(parse_request_head(bytes, head));
  return head;
}

// What the origin gets for a request with these field lines.
std::string forwarded(const std::string& fields, bool websocket = false, int minor = 1,
                      std::string_view method = "GET") {
  const std::string bytes = std::string(method) + " http://evil.test/p?q=1 HTTP/1." + std::to_string(minor) +
                            "\r\nHost: evil.test\r\n" + fields + "\r\n";
  const RequestHead head = parse(bytes);
  CanonicalUrl url;
  REQUIRE(url.assign("http://a.test:8080/p?q=1"));
  const auto framing = request_framing(head);
  REQUIRE(framing);
  std::string out;
  write_request(head, url, *framing, websocket, out);
  return out;
}

std::string fronted(const std::string& rest) { return "GET /p?q=1 HTTP/1.1\r\nHost: a.test:8080\r\n" + rest + "\r\n"; }

// What the client gets for an answer.
std::string returned(const std::string& bytes, Framing framing, int client_minor, bool keep_alive) {
  ResponseHead head;
  REQUIRE(parse_response_head(bytes, head));
  std::string out;
  write_response(head, framing, client_minor, keep_alive, out);
  return out;
}

constexpr Framing kNone{Framing::Kind::none, 0};
constexpr Framing kChunked{Framing::Kind::chunked, 0};
constexpr Framing kUntilClose{Framing::Kind::until_close, 0};

}  // namespace

TEST_CASE("write_request: Host comes from the URL that was judged, never from the client") {
  CHECK(forwarded("Accept: */*\r\n") == fronted("Accept: */*\r\n"));
}

TEST_CASE("write_request: end-to-end fields pass in their order, repeated ones too") {
  const std::string fields =
      "Cookie: a=b\r\nX-A: 1\r\nx-a: 2\r\nX_Under: 3\r\nRange: bytes=0-1\r\nAccept-Language: cy\r\n";
  CHECK(forwarded(fields) == fronted(fields));
}

TEST_CASE("write_request: hop-by-hop fields end here") {
  CHECK(forwarded("Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n"
                  "Proxy-Authorization: Basic eA==\r\nProxy-Authenticate: x\r\nProxy-Features: x\r\nTE: trailers\r\n"
                  "Trailer: X-Sum\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n") == fronted(""));
}

TEST_CASE("write_request: fields that Connection names end here, on every line of it and in any case") {
  CHECK(
      forwarded(
          "Connection: close, X-Hide\r\nx-hide: 1\r\nX-Hide: 2\r\nX-Stay: 3\r\nconnection: x-ALSO\r\nX-Also: 4\r\n") ==
      fronted("X-Stay: 3\r\n"));
}

TEST_CASE("write_request: naming Host or the framing in Connection cannot take them away") {
  CHECK(forwarded("Connection: host, content-length\r\nContent-Length: 3\r\n") == fronted("Content-Length: 3\r\n"));
  CHECK(forwarded("Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n") ==
        fronted("Transfer-Encoding: chunked\r\n"));
}

TEST_CASE("write_request: the length is written anew as a plain number") {
  CHECK(forwarded("Content-Length: 0010\r\nA: b\r\n") == fronted("A: b\r\nContent-Length: 10\r\n"));
  CHECK(forwarded("TRANSFER-encoding: CHUNKED\r\n") == fronted("Transfer-Encoding: chunked\r\n"));
  CHECK(forwarded("Content-Length: 0\r\n") == fronted("Content-Length: 0\r\n"));
}

TEST_CASE("write_request: an HTTP/1.0 request goes on as 1.1, without the expectation it cannot have") {
  CHECK(forwarded("Expect: 100-continue\r\n") == fronted("Expect: 100-continue\r\n"));
  CHECK(forwarded("Expect: 100-continue\r\n", false, 0) == fronted(""));
}

TEST_CASE("write_request: it appends, so that one buffer serves many requests") {
  const RequestHead head = parse("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n");
  CanonicalUrl url;
  REQUIRE(url.assign("http://a.test/"));
  std::string out = "before";
  write_request(head, url, kNone, false, out);
  CHECK(out == "beforeGET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
}

TEST_CASE("write_request: a WebSocket handshake keeps its upgrade") {
  const std::string fields = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n";
  CHECK(forwarded(fields, true) == fronted("Sec-WebSocket-Key: eA==\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"));
  CHECK(forwarded(fields, false) == fronted("Sec-WebSocket-Key: eA==\r\n"));
}

TEST_CASE("is_websocket_upgrade: only a whole handshake") {
  const auto upgrades = [](std::string_view method, std::string_view fields, int minor = 1) {
    const std::string bytes = std::string(method) + " http://a.test/ HTTP/1." + std::to_string(minor) +
                              "\r\nHost: a.test\r\n" + std::string(fields) + "\r\n";
    return is_websocket_upgrade(parse(bytes));
  };
  const std::string whole = "Connection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: eA==\r\n";
  CHECK(upgrades("GET", whole));
  CHECK(!upgrades("POST", whole));
  CHECK(!upgrades("GET", whole, 0));
  CHECK(!upgrades("GET", "Connection: Upgrade\r\nUpgrade: h2c\r\nSec-WebSocket-Key: eA==\r\n"));
  CHECK(!upgrades("GET", "Connection: Upgrade\r\nUpgrade: websocket, h2c\r\nSec-WebSocket-Key: eA==\r\n"));
  CHECK(!upgrades("GET", "Upgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n"));
  CHECK(!upgrades("GET", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  CHECK(!upgrades("GET", whole + "Content-Length: 5\r\n"));
  CHECK(!upgrades("GET", whole + "Upgrade: h2c\r\n"));
}

TEST_CASE("wants_keep_alive: by version and by what Connection or Proxy-Connection says") {
  const auto wants = [](int minor, std::string_view fields) {
    const std::string bytes =
        "GET http://a.test/ HTTP/1." + std::to_string(minor) + "\r\nHost: a\r\n" + std::string(fields) + "\r\n";
    return wants_keep_alive(parse(bytes));
  };
  CHECK(wants(1, ""));
  CHECK(!wants(1, "Connection: Close\r\n"));
  CHECK(!wants(1, "Connection: x, close\r\n"));
  CHECK(!wants(1, "Proxy-Connection: close\r\n"));
  CHECK(!wants(1, "Connection: keep-alive, close\r\n"));
  CHECK(!wants(0, ""));
  CHECK(wants(0, "Connection: keep-alive\r\n"));
  CHECK(wants(0, "Proxy-Connection: Keep-Alive\r\n"));
}

TEST_CASE("allows_keep_alive: by version and by what the origin's Connection says") {
  const auto allows = [](std::string_view bytes) {
    ResponseHead head;
    REQUIRE(parse_response_head(bytes, head));
    return allows_keep_alive(head);
  };
  CHECK(allows("HTTP/1.1 200 OK\r\n\r\n"));
  CHECK(!allows("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
  CHECK(!allows("HTTP/1.0 200 OK\r\n\r\n"));
  CHECK(allows("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n"));
  CHECK(!allows("HTTP/1.0 200 OK\r\nProxy-Connection: keep-alive\r\n\r\n"));
}

TEST_CASE("write_response: end-to-end fields pass, hop-by-hop fields end here, framing is written anew") {
  CHECK(returned("HTTP/1.1 200 Fine\r\nSet-Cookie: a\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: x\r\n"
                 "Content-Length: 007\r\nProxy-Authenticate: x\r\nTrailer: x\r\nUpgrade: h2c\r\nSet-Cookie: b\r\n\r\n",
                 Framing{Framing::Kind::length, 7}, 1,
                 true) == "HTTP/1.1 200 Fine\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 7\r\n\r\n");
}

TEST_CASE("write_response: Connection tells each client what happens next") {
  const std::string bytes = "HTTP/1.0 200 OK\r\n\r\n";
  CHECK(returned(bytes, kChunked, 1, true) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(returned(bytes, kUntilClose, 0, false) == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  CHECK(returned(bytes, Framing{Framing::Kind::length, 0}, 0, true) ==
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST_CASE("write_response: a length that only describes stays with HEAD and 304, never with 1xx or 204") {
  const std::string length = "Content-Length: 7\r\n\r\n";
  CHECK(returned("HTTP/1.1 200 OK\r\n" + length, kNone, 1, true) == "HTTP/1.1 200 OK\r\n" + length);
  CHECK(returned("HTTP/1.1 304 X\r\n" + length, kNone, 1, true) == "HTTP/1.1 304 X\r\n" + length);
  CHECK(returned("HTTP/1.1 204 X\r\n" + length, kNone, 1, true) == "HTTP/1.1 204 X\r\n\r\n");
  CHECK(returned("HTTP/1.1 103 X\r\nLink: </a>\r\n" + length, kNone, 1, false) ==
        "HTTP/1.1 103 X\r\nLink: </a>\r\n\r\n");
}

TEST_CASE("write_response: a 101 keeps its upgrade") {
  CHECK(
      returned("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
               kNone, 1, true) ==
      "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\nConnection: Upgrade\r\n\r\n");
}

TEST_CASE("write_response: folded lines become spaces") {
  CHECK(returned("HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n\r\n", kNone, 1, true) == "HTTP/1.1 200 OK\r\nA: b  \tc\r\n\r\n");
}
