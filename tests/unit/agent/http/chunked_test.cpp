#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "agent/http/framing.hpp"

using namespace fairlead::agent::http;

namespace {

struct Outcome {
  std::string body;
  std::string end;  // "done", "more" or the code of the refusal
  std::size_t consumed = 0;
};

// Gives the decoder `step` bytes at a time.
Outcome decode(std::string_view input, std::size_t step) {
  ChunkedDecoder decoder;
  Outcome outcome;
  while (outcome.consumed < input.size()) {
    const std::string_view piece = input.substr(outcome.consumed, step);
    const auto read = decoder.next(piece);
    if (!read) {
      outcome.end = to_string(read.error().code);
      return outcome;
    }
    outcome.consumed += read->consumed;
    outcome.body += read->data;
    if (read->done) {
      outcome.end = "done";
      return outcome;
    }
  }
  outcome.end = "more";
  return outcome;
}

std::string end_of(std::string_view input) { return decode(input, input.size()).end; }

}  // namespace

TEST_CASE("ChunkedDecoder: the same body however the bytes arrive") {
  const std::string input = "4;x=\"y z\"\r\nWiki\r\n00a \t;e\r\n0123456789\r\n0\r\nTrailer: dropped\r\nB:\r\n\r\n";
  for (std::size_t step = 1; step <= input.size(); ++step) {
    const Outcome outcome = decode(input, step);
    CHECK(outcome.body == "Wiki0123456789");
    CHECK(outcome.end == "done");
    CHECK(outcome.consumed == input.size());
  }
}

TEST_CASE("ChunkedDecoder: what stands behind the body is left alone") {
  const Outcome outcome = decode("1\r\na\r\n0\r\n\r\nGET /", 100);
  CHECK(outcome.end == "done");
  CHECK(outcome.consumed == 11);
}

TEST_CASE("ChunkedDecoder: body bytes are views into the input, not copies") {
  const std::string input = "5\r\nhello\r\n";
  ChunkedDecoder decoder;
  const auto read = decoder.next(input);
  CHECK(read->data.data() == input.data() + 3);
  CHECK(read->consumed == 8);
}

TEST_CASE("ChunkedDecoder: a size is one to sixteen hexadecimal digits and nothing else") {
  for (const std::string size :
       {"", " 3", "  3", "3 ", "3\t", "+3", "-3", "0x3", "0X3", "3h", "3.", "3_0", "x", "\"3\"", "10000000000000003",
        "00000000000000003", "FFFFFFFFFFFFFFFF", "8000000000000000", "\xef\xbc\x93"}) {
    CAPTURE(size);
    CHECK(end_of(size + "\r\nabc\r\n0\r\n\r\n") == "bad_message");
  }
  CHECK(end_of("0000000000000003\r\nabc\r\n0\r\n\r\n") == "done");
}

TEST_CASE("ChunkedDecoder: lines end in CRLF") {
  for (const std::string input : {"3\nabc\r\n0\r\n\r\n", "3\rXabc\r\n0\r\n\r\n", "3\r\nabc\n0\r\n\r\n",
                                  "3\r\nabc\r0\r\n\r\n", "3\r\nabc\r\n0\n\r\n", "3\r\nabc\r\n0\r\n\n",
                                  "3;a\nabc\r\n0\r\n\r\n", "3;a\rb\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n\r\n0\r\n\r\n"}) {
    CAPTURE(input);
    CHECK(end_of(input) == "bad_message");
  }
}

TEST_CASE("ChunkedDecoder: a chunk is exactly as long as its size") {
  CHECK(end_of("4\r\nabc\r\n0\r\n\r\n") == "bad_message");
  CHECK(end_of("2\r\nabc\r\n0\r\n\r\n") == "bad_message");
  CHECK(end_of("3\r\nab") == "more");
}

TEST_CASE("ChunkedDecoder: a request hidden in the trailer section is refused") {
  CHECK(end_of("0\r\nGET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n") == "bad_message");
  CHECK(end_of("0\r\nA b: c\r\n\r\n") == "bad_message");
  CHECK(end_of("0\r\nA : c\r\n\r\n") == "bad_message");
  CHECK(end_of("0\r\n A: c\r\n\r\n") == "bad_message");
  CHECK(end_of("0\r\n: c\r\n\r\n") == "bad_message");
  CHECK(end_of("0\r\nA\r\n\r\n") == "bad_message");
  CHECK(end_of("0\r\nA: \x01\r\n\r\n") == "bad_message");
}

TEST_CASE("ChunkedDecoder: extensions and trailers are bounded") {
  CHECK(end_of("1;" + std::string(4000, 'x') + "\r\na\r\n1;" + std::string(4000, 'x') + "\r\na\r\n0\r\n\r\n") ==
        "done");
  CHECK(end_of("1;" + std::string(5000, 'x') + "\r\na\r\n0\r\n\r\n") == "bad_message");
  CHECK(end_of("1" + std::string(5000, ' ') + ";\r\na\r\n0\r\n\r\n") == "bad_message");
  std::string trailers;
  for (int i = 0; i < 3000; ++i) trailers += "A: bc\r\n";
  CHECK(end_of("0\r\n" + trailers + "\r\n") == "bad_message");
}

TEST_CASE("ChunkedDecoder: after a refusal nothing is decoded any more") {
  ChunkedDecoder decoder;
  CHECK(!decoder.next("x"));
  CHECK(!decoder.next("3\r\nabc"));
}

TEST_CASE("chunk_head: the decoder reads what it writes") {
  char buffer[20];
  CHECK(chunk_head(1, buffer) == "1\r\n");
  CHECK(chunk_head(500, buffer) == "1f4\r\n");
  CHECK(chunk_head(SIZE_MAX, buffer) == "ffffffffffffffff\r\n");
  const std::string body(65536, 'b');
  const std::string coded = std::string(chunk_head(body.size(), buffer)) + body + "\r\n" + std::string(kLastChunk);
  CHECK(decode(coded, 1000).body == body);
  CHECK(decode(coded, 1000).end == "done");
}
