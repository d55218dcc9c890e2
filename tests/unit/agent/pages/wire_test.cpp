#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <array>

#include "agent/pages/pages.hpp"
#include "agent/pages/shell.hpp"

using namespace fairlead::agent::pages;

namespace {

std::string head_of(const std::string& wire) { return wire.substr(0, wire.find("\r\n\r\n") + 2); }
bool has_line(const std::string& wire, const std::string& line) {
  return head_of(wire).find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("to_wire: status line, framing, body") {
  const std::string wire = to_wire({403, "text/html; charset=utf-8", "<p>\xC3\xA9</p>"}, false, false);
  CHECK(wire.starts_with("HTTP/1.1 403 Forbidden\r\n"));
  CHECK(has_line(wire, "Content-Type: text/html; charset=utf-8"));
  CHECK(has_line(wire, "Content-Length: 9"));  // bytes, not characters
  CHECK(wire.ends_with("\r\n\r\n<p>\xC3\xA9</p>"));
}

TEST_CASE("to_wire: HEAD has the length of the body, and no body") {
  const std::string wire = to_wire({403, "text/html", "12345"}, true, false);
  CHECK(has_line(wire, "Content-Length: 5"));
  CHECK(wire.ends_with("\r\n\r\n"));
  CHECK(wire.find("12345") == std::string::npos);
}

TEST_CASE("to_wire: a refusal ends the connection, whatever was asked for") {
  CHECK(has_line(to_wire({403, "text/html", ""}, false, true), "Connection: close"));
  CHECK(has_line(to_wire({502, "text/html", ""}, false, true), "Connection: close"));
  CHECK(has_line(to_wire({200, "text/html", ""}, false, true), "Connection: keep-alive"));
  CHECK(has_line(to_wire({200, "text/html", ""}, false, false), "Connection: close"));
}

TEST_CASE("to_wire: nothing is stored, guessed, told on or loaded") {
  const std::string wire = to_wire({403, "text/html", ""}, false, false);
  CHECK(has_line(wire, "Cache-Control: no-store"));
  CHECK(has_line(wire, "Referrer-Policy: no-referrer"));
  CHECK(has_line(wire, "X-Content-Type-Options: nosniff"));
  CHECK(has_line(wire, "Content-Security-Policy: " + content_security_policy()));
}

TEST_CASE("to_wire: fields of an answer are sent, and none can begin another line") {
  Answer answer{303, "text/plain", ""};
  answer.fields = {{"Location", "/incidents?page=2"},
                   {"Set-Cookie", "a=b\r\nX-Evil: 1"},
                   {"Content-Disposition", "attachment; filename=\"a\nb\""},
                   {"X-Tab", "a\tb"},
                   {"X-Nul", std::string("a\0b", 3)},
                   {"X-High", "\xC4\x8D\xC4\x8A"},
                   {"X-Evil: 1\r\nY", "z"},
                   {"", "empty"}};
  const std::string wire = to_wire(answer, false, true);
  CHECK(wire.starts_with("HTTP/1.1 303 See Other\r\n"));
  CHECK(has_line(wire, "Location: /incidents?page=2"));
  for (const char* part : {"Evil", "Cookie", "Disposition", "X-Tab", "X-Nul", "X-High", "empty"}) {
    CAPTURE(part);
    CHECK(wire.find(part) == std::string::npos);
  }
  answer.content_type = "text/html\r\nX-Evil: 1";
  answer.content_security_policy = "default-src *\r\nX-Evil: 1";
  CHECK(to_wire(answer, false, true).find("Evil") == std::string::npos);
}

TEST_CASE("to_wire: a page may bring its own policy for its own styles") {
  Answer answer{200, "text/html", ""};
  answer.content_security_policy = content_security_policy_with("p{}");
  const std::string wire = to_wire(answer, false, true);
  CHECK(has_line(wire, "Content-Security-Policy: " + answer.content_security_policy));
  CHECK(wire.find(content_security_policy()) == std::string::npos);
}

TEST_CASE("content_security_policy: allows exactly the style that pages carry") {
  const std::string page = error_page(Trouble::internal, "", "", Form::html).body;
  const std::size_t begin = page.find("<style>") + 7;
  REQUIRE(begin != std::string::npos + 7);
  const std::string style = page.substr(begin, page.find("</style>") - begin);
  std::array<unsigned char, 32> digest{};
  REQUIRE(EVP_Digest(style.data(), style.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  std::array<unsigned char, 45> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), 32);
  const std::string hash(reinterpret_cast<const char*>(base64.data()));
  CHECK(content_security_policy() == "default-src 'none'; style-src 'sha256-" + hash +
                                         "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
}

TEST_CASE("whole_page: one style sheet, no script, no outside resource") {
  const std::string page = error_page(Trouble::timed_out, "slow.example", "detail", Form::html).body;
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find(" src=") == std::string::npos);
  CHECK(page.find("<link") == std::string::npos);
  CHECK(page.find(" style=") == std::string::npos);
  CHECK(page.find("<style>", page.find("<style>") + 1) == std::string::npos);
  CHECK(style_sheet().find("url(") == std::string_view::npos);
  CHECK(style_sheet().find("@import") == std::string_view::npos);
  CHECK(style_sheet().find("</") == std::string_view::npos);
}
