#include "agent/lists/list_meta.hpp"

#include <doctest/doctest.h>

namespace fairlead::agent::lists {
namespace {

const std::chrono::sys_seconds kMetaNow =
    std::chrono::sys_days(std::chrono::year(2026) / 5 / 1) + std::chrono::hours(9);

Edition edition() {
  return {
      "https://lists.example/hosts", "RWT", {"W/\"a \\ b\"", "Sun, 06 Nov 1994 08:49:37 GMT"}, "abc", 123, kMetaNow};
}

TEST_CASE("meta.json: everything that is written is read again") {
  Meta meta{edition(), edition(), {kMetaNow, kMetaNow + std::chrono::hours(24), 3, "lists.example answered 404"}};
  meta.previous->sha256 = "def";
  const auto read = meta_from_json(to_json(meta));
  REQUIRE(read);
  REQUIRE(read->current);
  CHECK(read->current->from == edition().from);
  CHECK(read->current->public_key == "RWT");
  CHECK(read->current->validators == edition().validators);
  CHECK(read->current->sha256 == "abc");
  CHECK(read->current->bytes == 123);
  CHECK(read->current->fetched_at == kMetaNow);
  REQUIRE(read->previous);
  CHECK(read->previous->sha256 == "def");
  CHECK(read->check.checked_at == kMetaNow);
  CHECK(read->check.next_due == kMetaNow + std::chrono::hours(24));
  CHECK(read->check.failures == 3);
  CHECK(read->check.last_error == "lists.example answered 404");
  CHECK(to_json(*read) == to_json(meta));
}

TEST_CASE("meta.json: before the first edition there is none") {
  const auto read = meta_from_json(to_json({}));
  REQUIRE(read);
  CHECK_FALSE(read->current);
  CHECK_FALSE(read->previous);
}

TEST_CASE("meta.json: bytes that are no text are written all the same") {
  Meta meta;
  meta.check.last_error = "\xff\xfe";
  CHECK(meta_from_json(to_json(meta)));
}

TEST_CASE("meta.json: garbage is nothing, and a field that makes no sense is not there") {
  for (const char* garbage : {"", "{", "[]", "null", "5", "\"x\"", "\x00\xff"}) {
    CAPTURE(garbage);
    CHECK_FALSE(meta_from_json(garbage));
  }
  const auto read = meta_from_json(
      R"({"current": {"sha256": 5, "bytes": "many"}, "previous": [], "checked_at": "soon", "next_due": 17,
          "failures": -3, "last_error": {}})");
  REQUIRE(read);
  CHECK_FALSE(read->current);
  CHECK_FALSE(read->previous);
  CHECK(read->check.checked_at == std::chrono::sys_seconds{});
  CHECK(read->check.next_due == std::chrono::sys_seconds{});
  CHECK(read->check.failures == 0);
  CHECK(read->check.last_error.empty());
}

}  // namespace
}  // namespace fairlead::agent::lists
