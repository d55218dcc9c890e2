#include "agent/lists/answer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace fairlead::agent::lists {
namespace {

AnswerHead head_of(const std::vector<std::string>& lines) {
  AnswerHead head;
  for (const std::string& line : lines) head.add_line(line + "\r\n");
  return head;
}

constexpr Asked kAll{0, false, 1000};
constexpr Asked kRest{400, false, 1000};
constexpr Asked kNews{0, true, 1000};

TEST_CASE("AnswerHead: the last status line counts, with the fields after it alone") {
  const AnswerHead head = head_of({"HTTP/1.1 302 Found", "ETag: \"of the redirect\"", "Content-Length: 5", "",
                                   "HTTP/1.1 200 OK", "content-type:text/plain ", "CONTENT-LENGTH: 70", ""});
  CHECK(head.status == 200);
  CHECK(head.etag.empty());
  CHECK(head.content_type == "text/plain");
  CHECK(head.content_length == 70);
  CHECK_FALSE(head.chunked);
}

TEST_CASE("AnswerHead: lines that say nothing are let be") {
  const AnswerHead head = head_of({"HTTP/1.1", "nonsense", ":", "Content-Length: -1", "Content-Length: 1x"});
  CHECK(head.status == 0);
  CHECK_FALSE(head.content_length);
}

TEST_CASE("judge: which answers are the file, the rest of it, or no file") {
  const std::string length = "Content-Length: 600";
  const struct {
    std::vector<std::string> lines;
    Asked asked;
    Body body;
  } rows[] = {
      {{"HTTP/1.1 200 OK", length}, kAll, Body::whole},
      {{"HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked"}, kAll, Body::whole},
      {{"HTTP/1.1 200 OK", length}, kRest, Body::whole},
      {{"HTTP/1.1 304 Not Modified"}, kNews, Body::no_news},
      {{"HTTP/1.1 206 Partial", length, "Content-Range: bytes 400-999/1000"}, kRest, Body::rest},
      {{"HTTP/1.1 206 Partial", length, "Content-Range: bytes 401-999/1000"}, kRest, Body::start_over},
      {{"HTTP/1.1 206 Partial", length, "Content-Range: bytes 400-998/1000"}, kRest, Body::start_over},
      {{"HTTP/1.1 206 Partial", length, "Content-Range: bytes 400-999/*"}, kRest, Body::start_over},
      {{"HTTP/1.1 206 Partial", length, "Content-Range: bytes 400-/1000"}, kRest, Body::start_over},
      {{"HTTP/1.1 206 Partial", length, "Content-Range: lines 400-999/1000"}, kRest, Body::start_over},
      {{"HTTP/1.1 206 Partial", length}, kRest, Body::start_over},
      {{"HTTP/1.1 416 Range Not Satisfiable"}, kRest, Body::start_over},
  };
  for (const auto& row : rows) {
    CAPTURE(row.lines.back());
    const auto body = judge(head_of(row.lines), row.asked);
    REQUIRE(body);
    CHECK(*body == row.body);
  }
}

TEST_CASE("judge: answers that nothing is taken from, with a sentence") {
  const struct {
    std::vector<std::string> lines;
    Asked asked;
    Errc code;
    std::string says;
  } rows[] = {
      {{"HTTP/1.1 304 Not Modified"}, kAll, Errc::refused, "answered 304: that is no answer to a download"},
      {{"HTTP/1.1 206 Partial", "Content-Range: bytes 0-9/10"}, kAll, Errc::refused, "answered 206: that is no answer"},
      {{"HTTP/1.1 416 No"}, kAll, Errc::refused, "answered 416"},
      {{"HTTP/1.1 404 No"}, kRest, Errc::not_found, "answered 404: the list is not there"},
      {{"HTTP/1.1 429 Wait"}, kAll, Errc::refused, "answered 429: the server is busy"},
      {{"HTTP/1.1 300 Choose"}, kAll, Errc::refused, "answered 300"},
      {{"HTTP/1.1 200 OK", "Content-Length: 1001"},
       kAll,
       Errc::too_large,
       "offers 1001 bytes; most_bytes permits 1000"},
      {{"HTTP/1.1 206 OK", "Content-Length: 601", "Content-Range: bytes 400-1000/1001"},
       kRest,
       Errc::too_large,
       "offers 1001 bytes"},
      {{"HTTP/1.1 200 OK", "Content-Length: 99999999999999999999"}, kAll, Errc::bad_message, "does not say where"},
      {{"HTTP/1.1 200 OK"}, kAll, Errc::bad_message, "does not say where the list ends"},
      {{"HTTP/1.1 200 OK", "Content-Length: 9", "Content-Type: Text/HTML"}, kAll, Errc::bad_message, "sent a web page"},
      {{"HTTP/1.1 20"}, kAll, Errc::refused, "answered 20"},
      {{}, kAll, Errc::refused, "answered 0"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.says);
    const auto body = judge(head_of(row.lines), row.asked);
    REQUIRE_FALSE(body);
    CHECK(body.error().code == row.code);
    CHECK(body.error().context.starts_with(row.says));
  }
}

TEST_CASE("validator_for_range: a strong tag, else a date that is older than a minute") {
  const std::string ok = "HTTP/1.1 200 OK", sent = "Date: Sun, 06 Nov 1994 08:50:00 GMT";
  CHECK(validator_for_range(head_of({ok, "ETag: \"a\""})) == "\"a\"");
  CHECK(validator_for_range(head_of({ok, "ETag: W/\"a\""})).empty());
  const std::string settled = "Sun, 06 Nov 1994 08:49:00 GMT";
  CHECK(validator_for_range(head_of({ok, sent, "Last-Modified: " + settled})) == settled);
  CHECK(validator_for_range(head_of({ok, sent, "Last-Modified: Sun, 06 Nov 1994 08:49:01 GMT"})).empty());
  CHECK(validator_for_range(head_of({ok, "Last-Modified: " + settled})).empty());
  CHECK(validator_for_range(head_of({ok, sent, "Last-Modified: yesterday"})).empty());
  CHECK(validator_for_range(head_of({ok, sent, "Last-Modified: Sun, 31 Feb 1994 08:49:00 GMT"})).empty());
}

TEST_CASE("begins_a_web_page: the first byte that is no space tells") {
  for (const char* page : {"<!DOCTYPE html>", "\r\n\t <html>", "\xEF\xBB\xBF<p>", "<?xml version='1.0'?>"})
    CHECK(begins_a_web_page(page));
  for (const char* list : {"", " \n", "0.0.0.0 a.example", "# <html>", "[Adblock Plus]", "! x", "\x1F\x8B"})
    CHECK_FALSE(begins_a_web_page(list));
}

}  // namespace
}  // namespace fairlead::agent::lists
