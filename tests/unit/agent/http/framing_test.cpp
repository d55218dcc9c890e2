#include "agent/http/framing.hpp"

#include <doctest/doctest.h>

#include <string>

using fairlead::Errc;
using fairlead::Side;
using namespace fairlead::agent::http;

namespace {

// "none", "length 3", "chunked", "until_close" or the code of the refusal.
std::string describe(const fairlead::Result<Framing>& framing) {
  if (!framing) return std::string(to_string(framing.error().code));
  switch (framing->kind) {
    case Framing::Kind::none:
      return "none";
    case Framing::Kind::length:
      return "length " + std::to_string(framing->length);
    case Framing::Kind::chunked:
      return "chunked";
    case Framing::Kind::until_close:
      return "until_close";
  }
  return "?";
}

std::string request(std::string_view fields, std::string_view method = "POST", int minor = 1) {
  const std::string bytes = std::string(method) + " http://a.test/ HTTP/1." + std::to_string(minor) +
                            "\r\nHost: a.test\r\n" + std::string(fields) + "\r\n";
  RequestHead head;
  const auto parsed = parse_request_head(bytes, head);
  if (!parsed) return std::string(to_string(parsed.error().code));
  return describe(request_framing(head));
}

std::string answer(std::string_view fields, int status = 200, std::string_view method = "GET", int minor = 1) {
  const std::string bytes =
      "HTTP/1." + std::to_string(minor) + " " + std::to_string(status) + " X\r\n" + std::string(fields) + "\r\n";
  ResponseHead head;
  const auto parsed = parse_response_head(bytes, head);
  if (!parsed) return std::string(to_string(parsed.error().code));
  return describe(response_framing(method, head));
}

}  // namespace

TEST_CASE("request_framing: what a request says of its body") {
  CHECK(request("") == "none");
  CHECK(request("Content-Length: 0\r\n") == "length 0");
  CHECK(request("content-length:\t42 \r\n") == "length 42");
  CHECK(request("Content-Length: 010\r\n") == "length 10");
  CHECK(request("Content-Length: 999999999999999999\r\n") == "length 999999999999999999");
  CHECK(request("Transfer-Encoding: chunked\r\n") == "chunked");
  CHECK(request("TRANSFER-ENCODING: Chunked\r\n") == "chunked");
  CHECK(request("Content-Length: 5\r\n", "GET") == "length 5");
}

TEST_CASE("request_framing: a length that is not plain digits is refused") {
  for (const std::string value : {"", "+3", "-3", "0x3", "3x", "3 3", "3,3", "3, 3", "3;", "3.0", "1e3", "1_0", "\"3\"",
                                  "x", "1000000000000000000", "9223372036854775807", "9999999999999999999",
                                  "99999999999999999999", "00000000000000000003"}) {
    CAPTURE(value);
    CHECK(request("Content-Length: " + value + "\r\n") == "bad_message");
  }
}

TEST_CASE("request_framing: a repeated length is refused, even when both agree") {
  CHECK(request("Content-Length: 3\r\nContent-Length: 4\r\n") == "bad_message");
  CHECK(request("Content-Length: 3\r\nA: b\r\ncontent-length: 3\r\n") == "bad_message");
}

TEST_CASE("request_framing: length and coding together are refused in either order") {
  CHECK(request("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") == "bad_message");
  CHECK(request("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") == "bad_message");
  CHECK(request("Transfer-Encoding: x\r\nContent-Length: 3\r\n") == "bad_message");
}

TEST_CASE("request_framing: no coding but exactly chunked") {
  for (const std::string value :
       {"", "identity", "gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked,", ",chunked",
        "xchunked", "chunkedx", "chunked;q=1", "\"chunked\"", "chunked x", "chu nked", "'chunked'"}) {
    CAPTURE(value);
    CHECK(request("Transfer-Encoding: " + value + "\r\n") == "unsupported");
  }
  CHECK(request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") == "bad_message");
  CHECK(request("Transfer-Encoding: chunked\r\n", "POST", 0) == "bad_message");
}

TEST_CASE("request_framing: CONNECT and TRACE have no body") {
  CHECK(request("", "CONNECT") == "none");
  CHECK(request("Content-Length: 0\r\n", "CONNECT") == "length 0");
  CHECK(request("Content-Length: 1\r\n", "CONNECT") == "bad_message");
  CHECK(request("Transfer-Encoding: chunked\r\n", "CONNECT") == "bad_message");
  CHECK(request("Content-Length: 1\r\n", "TRACE") == "bad_message");
}

TEST_CASE("response_framing: what an answer says of its body") {
  CHECK(answer("") == "until_close");
  CHECK(answer("Content-Length: 7\r\n") == "length 7");
  CHECK(answer("Transfer-Encoding: chunked\r\n") == "chunked");
  CHECK(answer("", 200, "GET", 0) == "until_close");
}

TEST_CASE("response_framing: answers that have no body, whatever they say") {
  CHECK(answer("Content-Length: 7\r\n", 200, "HEAD") == "none");
  CHECK(answer("Transfer-Encoding: chunked\r\n", 200, "HEAD") == "none");
  CHECK(answer("Content-Length: 7\r\n", 304) == "none");
  CHECK(answer("Content-Length: 7\r\n", 204) == "none");
  CHECK(answer("Content-Length: 7\r\n", 100) == "none");
  CHECK(answer("Content-Length: 7\r\n", 101) == "none");
  CHECK(answer("", 200, "CONNECT") == "none");
  CHECK(answer("Content-Length: 7\r\n", 404, "CONNECT") == "length 7");
}

TEST_CASE("response_framing: an ambiguous answer is refused and is the origin's fault") {
  CHECK(answer("Content-Length: 3\r\nContent-Length: 9\r\n") == "bad_message");
  CHECK(answer("Content-Length: 9\r\nTransfer-Encoding: chunked\r\n") == "bad_message");
  CHECK(answer("Content-Length: 3x\r\n") == "bad_message");
  CHECK(answer("Content-Length: 3x\r\n", 200, "HEAD") == "bad_message");
  CHECK(answer("Transfer-Encoding: gzip, chunked\r\n") == "bad_message");
  CHECK(answer("Transfer-Encoding: chunked\r\n", 200, "GET", 0) == "bad_message");
  ResponseHead head;
  REQUIRE(parse_response_head("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", head));
  CHECK(response_framing("GET", head).error().side == Side::upstream);
}
