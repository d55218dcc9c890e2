#include <doctest/doctest.h>

#include "tests/talks/talk.hpp"

namespace {

using fairlead::Errc;
using fairlead::agent::http::Framing;
using fairlead::agent::http::parse_response_head;
using fairlead::agent::http::ResponseHead;
using fairlead::agent::session::Ask;
using fairlead::agent::session::ResponsePlan;
using fairlead::talks::Talk;

void ask_origin(Talk& talk, std::string_view request) {
  REQUIRE(talk.client(request) == Ask::resolve);
  REQUIRE(talk.resolves_to({"192.0.2.1", false}) == Ask::connect);
  REQUIRE(talk.session.connected() == Ask::forward);
}

constexpr std::string_view kGet = "GET http://open.example/ HTTP/1.1\r\nHost: open.example\r\n\r\n";
constexpr std::string_view kOldGet = "GET http://open.example/ HTTP/1.0\r\n\r\n";

fairlead::Result<ResponsePlan> answer(Talk& talk, std::string_view bytes, std::string& out) {
  ResponseHead head;
  REQUIRE(parse_response_head(bytes, head));
  return talk.session.response_head(head, out);
}

}  // namespace

TEST_CASE("talk: an answer of known length keeps both connections") {
  Talk talk;
  ask_origin(talk, kGet);
  std::string out;
  const auto plan = answer(talk, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", out);
  REQUIRE(plan);
  CHECK(plan->from_upstream.kind == Framing::Kind::length);
  CHECK(plan->to_client.length == 3);
  CHECK(plan->keep_upstream);
  CHECK(talk.session.exchange_done() == Ask::more_bytes);
}

TEST_CASE("talk: a body that ends with the connection is chunked for HTTP/1.1, so that a cut can be seen") {
  Talk talk;
  ask_origin(talk, kGet);
  std::string out;
  const auto plan = answer(talk, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", out);
  REQUIRE(plan);
  CHECK(plan->from_upstream.kind == Framing::Kind::until_close);
  CHECK(plan->to_client.kind == Framing::Kind::chunked);
  CHECK_FALSE(plan->keep_upstream);
  CHECK(out.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
}

TEST_CASE("talk: HTTP/1.0 never gets chunks or interim answers") {
  Talk talk;
  ask_origin(talk, kOldGet);
  std::string out;
  const auto interim = answer(talk, "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", out);
  REQUIRE(interim);
  CHECK(interim->kind == ResponsePlan::Kind::interim);
  CHECK_FALSE(interim->send);
  CHECK(out.empty());
  const auto plan = answer(talk, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", out);
  REQUIRE(plan);
  CHECK(plan->to_client.kind == Framing::Kind::until_close);
  CHECK(out.find("chunked") == std::string::npos);
  CHECK(talk.session.exchange_done() == Ask::close);
}

TEST_CASE("talk: an answer whose end is disputed is not passed on") {
  for (const char* head :
       {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3x\r\n\r\n"}) {
    Talk talk;
    ask_origin(talk, kGet);
    std::string out;
    CAPTURE(head);
    const auto plan = answer(talk, head, out);
    REQUIRE_FALSE(plan);
    CHECK(plan.error().side == fairlead::Side::upstream);
    CHECK(talk.session.upstream_failed(plan.error()) == Ask::refuse);
  }
}

TEST_CASE("talk: 101 only when a WebSocket was asked for") {
  Talk plain;
  ask_origin(plain, kGet);
  std::string out;
  constexpr std::string_view kSwitch =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
      "x\r\n\r\n";
  CHECK_FALSE(answer(plain, kSwitch, out));
  Talk socket;
  ask_origin(
      socket,
      "GET http://open.example/chat HTTP/1.1\r\nHost: open.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  const auto plan = answer(socket, kSwitch, out);
  REQUIRE(plan);
  CHECK(plan->kind == ResponsePlan::Kind::upgrade);
}
