// UT1's files `urls` and `expressions`, and the expressions of Pi-hole.

#include <doctest/doctest.h>

#include "rules/catalog/imports/line_importer.hpp"
#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

namespace {

Imported expressions(std::string_view line) {
  Imported sink;
  make_expressions_importer(sink)->take_line(line, 1);
  return sink;
}

}  // namespace

TEST_CASE("urls: host and path prefix, however the page is reached") {
  const auto list = imported(
      "shop.example/bad\n"
      "http://WWW.shop.example:8080/Bad/./worse/\n"
      "user:word@shop.example/x\n"
      "shop.example/page?id=7&x=%7e\n"
      "shop.example/\n"
      "203.0.113.9/~files\n"
      "whole.example\n"
      "shop.example/a b\n"
      "www.example/kept\n",
      ListFormat::ut1);
  CHECK(list.paths == Texts{"shop.example/bad", "shop.example/Bad/worse", "shop.example/x",
                            "shop.example/page?id=7&x=%7E", "203.0.113.9/~files", "shop.example/a%20b",
                            "www.example/kept"});
  CHECK(list.hosts == Texts{"shop.example", "whole.example"});
  CHECK(list.left_out.empty());
}

TEST_CASE("urls: what a browser cannot open is left out") {
  const auto list = imported("a b.example/x\nhttp:///\na.example:99999/x\nintranet/x\n", ListFormat::ut1);
  CHECK(list.paths.empty());
  CHECK(list.left_out.size() == 4);
}

TEST_CASE("expressions: squidGuard's begin of an address is the host") {
  CHECK(expressions("(casino|poker)").patterns == Texts{"url (casino|poker)"});
  CHECK(expressions("^bad\\.example/").patterns == Texts{"url ^[a-z]+://(?:(?:www|web|ftp)[0-9]*\\.)?bad\\.example/"});
  CHECK(expressions("\\<bet\\>").patterns == Texts{"url \\bbet\\b"});
}

TEST_CASE("expressions: what RE2 does not take, and what takes everything, is left out") {
  CHECK(expressions("(a)\\1").left_out == Texts{"1: bad pattern: (a)\\1"});
  CHECK(expressions("(?!x)y").left_out == Texts{"1: bad pattern: (?!x)y"});
  CHECK(expressions("(open").left_out == Texts{"1: bad pattern: (open"});
  CHECK(expressions(".*").left_out == Texts{"1: matches everything: .*"});
  CHECK(expressions("[a-z]").left_out == Texts{"1: matches everything: [a-z]"});
  CHECK(expressions(std::string(5000, 'a')).left_out.size() == 1);
}

TEST_CASE("regex: expressions over host names, with POSIX classes") {
  const auto list = imported(
      "# Pi-hole\n^ad([sxv]?[0-9]*|system)[_.-]([^.[:space:]]+\\.){1,}\n(^|\\.)bad\\.example$;querytype=AAAA\n\\.\n",
      ListFormat::regex);
  CHECK(list.patterns == Texts{"host ^ad([sxv]?[0-9]*|system)[_.-]([^.[:space:]]+\\.){1,}"});
  CHECK(list.left_out ==
        Texts{"3: unknown option: (^|\\.)bad\\.example$;querytype=AAAA", "4: matches everything: \\."});
}

TEST_CASE("hashed: 64 hex digits in any case") {
  const std::string digest(64, 'A');
  const auto list =
      imported("# opaque\n" + digest + " # note\nabc\n" + std::string(64, 'g') + "\n", ListFormat::hashed);
  CHECK(list.hashes == Texts{std::string(64, 'a')});
  CHECK(list.left_out.size() == 2);
}
