#include "agent/http/head.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using fairlead::Errc;
using fairlead::Side;
using namespace fairlead::agent::http;

namespace {

// The code of the refusal, or nothing when the head is accepted.
std::string refusal(std::string_view head) {
  RequestHead out;
  const auto parsed = parse_request_head(head, out);
  return parsed ? "" : std::string(to_string(parsed.error().code));
}

std::string refusal_of_answer(std::string_view head) {
  ResponseHead out;
  const auto parsed = parse_response_head(head, out);
  return parsed ? "" : std::string(to_string(parsed.error().code));
}

std::string with_line(std::string_view line) {
  return "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n" + std::string(line) + "\r\n\r\n";
}

// Feeds `bytes` in pieces of `step` as a socket would; the size of the head, 0 for "more needed", or the code.
std::string scan(std::string_view bytes, std::size_t step) {
  HeadScanner scanner;
  for (std::size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    const auto size = scanner.scan(bytes.substr(0, end));
    if (!size) return std::string(to_string(size.error().code));
    if (*size != 0 || end == bytes.size()) return std::to_string(*size);
  }
}

}  // namespace

TEST_CASE("parse_request_head: the parts of a browser's request") {
  RequestHead head;
  REQUIRE(
      parse_request_head("GET http://a.test/p?q=1 HTTP/1.1\r\nHost: a.test\r\nAccept:*/*\r\nX-Empty:\r\n"
                         "User-Agent: \t Mozilla/5.0 (X11) \t \r\n\r\n",
                         head));
  CHECK(head.method == "GET");
  CHECK(head.target == "http://a.test/p?q=1");
  CHECK(head.minor_version == 1);
  REQUIRE(head.fields.all.size() == 4);
  CHECK(head.fields.find("ACCEPT")->value == "*/*");
  CHECK(head.fields.find("x-empty")->value.empty());
  CHECK(head.fields.find("User-Agent")->value == "Mozilla/5.0 (X11)");
  CHECK(head.fields.find("Accep") == nullptr);
}

TEST_CASE("parse_request_head: an object that is parsed into again holds nothing of the last head") {
  RequestHead head;
  const std::string bytes = with_line("Cookie: a=b");
  REQUIRE(parse_request_head(bytes, head));
  REQUIRE(parse_request_head("GET http://b.test/ HTTP/1.0\r\n\r\n", head));
  CHECK(head.fields.all.empty());
  CHECK(head.minor_version == 0);
}

TEST_CASE("parse_request_head: one empty line in front is skipped, a second is refused") {
  CHECK(refusal("\r\n" + with_line("A: b")) == "");
  CHECK(refusal("\r\n\r\n" + with_line("A: b")) == "bad_message");
  CHECK(refusal("\n" + with_line("A: b")) == "bad_message");
}

TEST_CASE("parse_request_head: a request line is three parts with one space between") {
  for (const std::string line : {"GET  http://a.test/ HTTP/1.1",
                                 "GET http://a.test/  HTTP/1.1",
                                 " GET http://a.test/ HTTP/1.1",
                                 "GET http://a.test/ HTTP/1.1 ",
                                 "GET\thttp://a.test/ HTTP/1.1",
                                 "GET http://a.test/\tHTTP/1.1",
                                 "GET http://a.test/ b HTTP/1.1",
                                 "GET http://a.test/",
                                 "GET",
                                 "",
                                 "G[T http://a.test/ HTTP/1.1",
                                 "G\xc9T http://a.test/ HTTP/1.1",
                                 "GET http://a.test/\x7f HTTP/1.1",
                                 "GET http://a.test/\xc3\xa9 HTTP/1.1",
                                 "GET http://a.test/\x01 HTTP/1.1",
                                 "GET http://a.test/ http/1.1",
                                 "GET http://a.test/ Http/1.1",
                                 "GET http://a.test/ HTTP/11",
                                 "GET http://a.test/ HTTP/1.1x",
                                 "GET http://a.test/ HTTP/1.10",
                                 "GET http://a.test/ HTTP/1.",
                                 "GET http://a.test/ HTTP/01.1",
                                 "GET http://a.test/ HTTP /1.1",
                                 "GET http://a.test/ HTTP/+1.1",
                                 "GET http://a.test/ HTTPS/1.1"}) {
    CAPTURE(line);
    CHECK(refusal(line + "\r\nHost: a.test\r\n\r\n") == "bad_message");
  }
  CHECK(refusal(std::string("GET http://a.test/\0 HTTP/1.1\r\nHost: a.test\r\n\r\n", 44)) == "bad_message");
}

TEST_CASE("parse_request_head: another version of HTTP is unsupported, not malformed") {
  for (const std::string version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.0"}) {
    CHECK(refusal("GET http://a.test/ " + version + "\r\nHost: a.test\r\n\r\n") == "unsupported");
  }
  CHECK(refusal("PRI * HTTP/2.0\r\n\r\n") == "unsupported");
}

TEST_CASE("parse_request_head: a field line that is not exactly name, colon, value is refused") {
  for (const std::string line :
       {"A : b",      "A\t: b",      " A: b",     "\tA: b",      "A b",        "A",       ": b",     "A B: c",
        "A;B: c",     "A(: c",       "A\x0b: c",  "A: b\rc",     "A: b\nC: d", "A: \x7f", "A: \x01", "A: b\x0b",
        "A: b\r\n c", "A: b\r\n\tc", "A: b\r\n ", "\xc3\x84: b", "\"A\": b",   "A\xa0: b"}) {
    CAPTURE(line);
    CHECK(refusal(with_line(line)) == "bad_message");
  }
  CHECK(refusal(with_line(std::string_view("A: \0", 4))) == "bad_message");
  CHECK(refusal(with_line(std::string_view("A\0: b", 5))) == "bad_message");
}

TEST_CASE("parse_request_head: a control byte is found wherever it stands in a long value") {
  for (std::size_t at = 0; at < 24; ++at) {
    for (const char byte : {'\x00', '\x1f', '\x7f', '\r', '\n'}) {
      std::string value(24, 'v');
      value[at] = byte;
      CHECK(refusal(with_line("A: x" + value + "x")) == "bad_message");
    }
    std::string value(24, '\xff');  // neither tab nor obs-text is a control byte
    value[at] = '\t';
    CHECK(refusal(with_line("A: x" + value + "x")) == "");
  }
}

TEST_CASE("parse_request_head: bytes above 0x7e pass in ordinary values and nowhere else") {
  CHECK(refusal(with_line("Cookie: n=J\xc3\xb6rg")) == "");
  CHECK(refusal(with_line("Transfer-Encoding: chunked\xa0")) == "bad_message");
  CHECK(refusal(with_line("Content-Length: \xd9\xa3")) == "bad_message");
  CHECK(refusal(with_line("Connection: close\xa0")) == "bad_message");
  CHECK(refusal("GET / HTTP/1.1\r\nHost: b\xc3\xbc.test\r\n\r\n") == "bad_message");
}

TEST_CASE("parse_request_head: an underscore may not mimic a field that the proxy decides by") {
  for (const std::string name : {"Content_Length", "transfer_encoding", "Proxy_Connection", "keep_alive",
                                 "HTTP2_Settings", "PROXY_AUTHORIZATION"}) {
    CAPTURE(name);
    CHECK(refusal(with_line(name + ": 1")) == "bad_message");
  }
  CHECK(refusal(with_line("X_Forwarded: 1")) == "");
  CHECK(refusal(with_line("content__length: 1")) == "");
}

TEST_CASE("parse_request_head: HTTP/1.1 has one Host, HTTP/1.0 one or none") {
  CHECK(refusal("GET http://a.test/ HTTP/1.1\r\n\r\n") == "bad_message");
  CHECK(refusal(with_line("Host: a.test")) == "bad_message");
  CHECK(refusal(with_line("hOST: evil.test")) == "bad_message");
  CHECK(refusal("GET http://a.test/ HTTP/1.0\r\n\r\n") == "");
  CHECK(refusal("GET http://a.test/ HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == "bad_message");
}

TEST_CASE("parse_request_head: Host is a host and perhaps a port") {
  for (const std::string host : {"a.test", "a.test:80", "[::1]", "[::1]:8080", "127.0.0.1:1", "a_b.test", "a.test:"}) {
    CAPTURE(host);
    CHECK(refusal("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n") == "");
  }
  for (const std::string host :
       {"", " ", "a b", "a.test,b.test", "u@a.test", "a.test/x", "a.test?x", "a.test#x", "a.test:8x", "a.test:123456",
        ":80", "a:1:2", "x[::1]", "[::1]x", "a\\b", "http://a.test", "<a>"}) {
    CAPTURE(host);
    CHECK(refusal("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n") == "bad_message");
  }
}

TEST_CASE("parse_request_head: the number of fields and the length of Connection are bounded") {
  std::string fields;
  for (std::size_t i = 1; i < kMaxFields; ++i) fields += "A: b\r\n";
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n") == "");
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "A: b\r\n\r\n") == "too_large");
  CHECK(refusal(with_line("Connection: " + std::string(1025, 'a'))) == "bad_message");
}

TEST_CASE("parse_request_head: a head that does not end where it should is refused") {
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\r\n") == "bad_message");
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\r\n\r\nX") == "bad_message");
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\n\r\n") == "bad_message");
  CHECK(refusal("GET / HTTP/1.1\nHost: a\r\n\r\n") == "bad_message");
  CHECK(refusal("") == "bad_message");
}

TEST_CASE("parse_request_head: the refusal names the line and never the value") {
  RequestHead out;
  const auto parsed = parse_request_head(with_line("Secret : hunter2"), out);
  REQUIRE(!parsed);
  CHECK(parsed.error().side == Side::client);
  CHECK(parsed.error().context.find("line 3") != std::string::npos);
  CHECK(parsed.error().context.find("hunter2") == std::string::npos);
}

TEST_CASE("parse_response_head: status lines of real origins") {
  ResponseHead head;
  REQUIRE(parse_response_head("HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n\r\n", head));
  CHECK(head.status == 200);
  CHECK(head.reason == "OK");
  CHECK(head.fields.count("set-cookie") == 2);
  REQUIRE(parse_response_head("HTTP/1.0 404 \r\n\r\n", head));
  CHECK(head.status == 404);
  CHECK(head.reason.empty());
  CHECK(head.minor_version == 0);
  CHECK(refusal_of_answer("HTTP/1.1 204\r\n\r\n") == "");
  CHECK(refusal_of_answer("HTTP/1.1 299 Alles in Ordn\xfcng \r\n\r\n") == "");
}

TEST_CASE("parse_response_head: what is no status line is refused") {
  for (const std::string line :
       {"HTTP/1.1 two OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 099 OK", "HTTP/1.1  200 OK",
        "HTTP/1.1\t200 OK", "ICY 200 OK", "http/1.1 200 OK", "HTTP/1.1", "", "HTTP/1.1 ", "HTTP/1.1 200\tOK",
        "HTTP/1.1 +20 OK", "HTTP/1.1 200 O\x01K", "HTTP/1.1 200 O\rK", "<html>"}) {
    CAPTURE(line);
    CHECK(refusal_of_answer(line + "\r\n\r\n") == "bad_message");
  }
  CHECK(refusal_of_answer("HTTP/2.0 200 OK\r\n\r\n") == "unsupported");
  CHECK(refusal_of_answer("\r\nHTTP/1.1 200 OK\r\n\r\n") == "bad_message");
}

TEST_CASE("parse_response_head: broken fields are refused and are the origin's fault") {
  for (const std::string line : {"A : b", "A b", "A: b\nC: d", "A: b\rSet-Cookie: z", "A: \x01", ": b"}) {
    CAPTURE(line);
    CHECK(refusal_of_answer("HTTP/1.1 200 OK\r\n" + line + "\r\n\r\n") == "bad_message");
  }
  ResponseHead out;
  const auto parsed = parse_response_head("HTTP/1.1 200 OK\r\nA\r\n\r\n", out);
  CHECK(parsed.error().side == Side::upstream);
}

TEST_CASE("parse_response_head: a folded line continues an ordinary field, never one that decides framing") {
  ResponseHead head;
  REQUIRE(parse_response_head("HTTP/1.1 200 OK\r\nA: b\r\n  c \r\n\td\r\nE:\r\n f\r\n\r\n", head));
  CHECK(head.fields.all.size() == 2);
  CHECK(head.fields.find("a")->value == "b\r\n  c \r\n\td");
  CHECK(head.fields.find("e")->value == "f");
  CHECK(refusal_of_answer("HTTP/1.1 200 OK\r\n A: b\r\n\r\n") == "bad_message");
  CHECK(refusal_of_answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\n") == "bad_message");
  CHECK(refusal_of_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n") == "bad_message");
  CHECK(refusal_of_answer("HTTP/1.1 200 OK\r\nA: b\r\n c\x01\r\n\r\n") == "bad_message");
}

TEST_CASE("Fields: tokens of a list are found over all its lines, without regard to case") {
  RequestHead head;
  const std::string bytes = with_line("Connection: , keep-alive ,\tUpgrade\r\nconnection: X-Hop");
  REQUIRE(parse_request_head(bytes, head));
  CHECK(head.fields.has_token("Connection", "upgrade"));
  CHECK(head.fields.has_token("connection", "x-hop"));
  CHECK(!head.fields.has_token("connection", "keep"));
  CHECK(head.fields.count("CONNECTION") == 2);
}

TEST_CASE("HeadScanner: the same answer however the bytes arrive") {
  const std::string head = with_line("A: b");
  const std::vector<std::string> inputs = {
      head,                              // a whole head
      head + "body\nwith \r any bytes",  // what stands behind the head is not looked at
      "\r\n" + head,
      head.substr(0, head.size() - 1),
      "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
      "GET / HTTP/1.1\n\n",
      "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      "\x16\x03\x01",
      " GET / HTTP/1.1\r\n\r\n",
      std::string("GET /\0", 6),
      "\n",
  };
  const std::vector<std::string> expected = {std::to_string(head.size()),
                                             std::to_string(head.size()),
                                             std::to_string(head.size() + 2),
                                             "0",
                                             "bad_message",
                                             "bad_message",
                                             "bad_message",
                                             "bad_message",
                                             "bad_message",
                                             "bad_message",
                                             "bad_message",
                                             "bad_message"};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CAPTURE(i);
    for (std::size_t step = 1; step <= inputs[i].size(); ++step) CHECK(scan(inputs[i], step) == expected[i]);
  }
}

TEST_CASE("HeadScanner: a head that never ends is refused at the limit, not later") {
  const std::string endless = "GET / HTTP/1.1\r\nA: " + std::string(kMaxHeadBytes, 'a');
  CHECK(scan(endless.substr(0, kMaxHeadBytes - 1), 4096) == "0");
  CHECK(scan(endless.substr(0, kMaxHeadBytes), 4096) == "too_large");
  CHECK(scan(endless + "\r\n\r\n", endless.size() + 4) == "too_large");
  std::string largest = endless.substr(0, kMaxHeadBytes - 4) + "\r\n\r\n";
  CHECK(scan(largest, largest.size()) == std::to_string(kMaxHeadBytes));
}

TEST_CASE("HeadScanner: after reset the next head is read from its own beginning") {
  HeadScanner scanner;
  const std::string head = with_line("A: b");
  CHECK(scanner.scan(head.substr(0, 10)).value() == 0);
  CHECK(scanner.scan(head).value() == head.size());
  scanner.reset();
  CHECK(scanner.scan(head).value() == head.size());
}
