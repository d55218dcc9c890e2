#include "agent/pages/escape.hpp"

#include <doctest/doctest.h>

using namespace fairlead::agent::pages;

TEST_CASE("escape: markup becomes text, in content and in attributes") {
  CHECK(escape("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;");
  CHECK(escape("\" onload=\"x") == "&quot; onload=&quot;x");
  CHECK(escape("' onload='x") == "&#39; onload=&#39;x");
  CHECK(escape("`") == "&#96;");
  CHECK(escape("&lt;") == "&amp;lt;");
}

TEST_CASE("escape: text of any script stays as it is") {
  CHECK(escape("Zażółć gęślą jaźń, 日本, 🙂") == "Zażółć gęślą jaźń, 日本, 🙂");
}

TEST_CASE("escape: bytes that are not UTF-8 cannot swallow the markup that follows them") {
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(escape("\xC3<b>") == replaced + "&lt;b&gt;");
  CHECK(escape("\xE2\x82") == replaced + replaced);
  CHECK(escape("\xC0\xBC") == replaced + replaced);       // overlong '<'
  CHECK(escape("\xED\xA0\x80").find(replaced) == 0);      // a surrogate
  CHECK(escape("\xF4\x90\x80\x80").find(replaced) == 0);  // above U+10FFFF
  CHECK(escape("\xFF") == replaced);
}

TEST_CASE("escape: controls and marks that turn text around are shown as replaced") {
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(escape(std::string_view("a\0b", 3)) == "a" + replaced + "b");
  CHECK(escape("\x1B[31m") == replaced + "[31m");
  CHECK(escape("bank\xE2\x80\xAEmoc.live") == "bank" + replaced + "moc.live");
  CHECK(escape("\xE2\x81\xA6") == replaced);
  CHECK(escape("\xC2\x85") == replaced);
  CHECK(escape("a\tb\nc") == "a\tb\nc");
}

TEST_CASE("link_address: only web addresses that cannot leave their attribute") {
  CHECK(link_address("https://www.samaritans.org/") == "https://www.samaritans.org/");
  CHECK(link_address("javascript:alert(1)").empty());
  CHECK(link_address("JAVASCRIPT:alert(1)").empty());
  CHECK(link_address("data:text/html,x").empty());
  CHECK(link_address("//evil.example").empty());
  CHECK(link_address("https://a.example/\"onclick=\"x").empty());
  CHECK(link_address("https://a.example/ x").empty());
  CHECK(link_address("https://a.example/\r\nx").empty());
  CHECK(link_address("").empty());
}

TEST_CASE("Html: what is not a literal of the program is escaped") {
  Html page;
  page.raw("<p title=\"").text("\"><img src=x>").raw("\">").text("<b>").raw("</p>");
  CHECK(page.str() == "<p title=\"&quot;&gt;&lt;img src=x&gt;\">&lt;b&gt;</p>");
}
