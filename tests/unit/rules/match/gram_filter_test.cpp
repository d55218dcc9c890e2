#include "rules/match/gram_filter.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace fairlead::rules::match {
namespace {

std::set<std::uint32_t> hits(const GramFilter& filter, std::string_view text) {
  std::set<std::uint32_t> values;
  filter.scan(text, [&](std::uint32_t value, std::size_t begin, std::size_t size) {
    CHECK(begin + size <= text.size());
    values.insert(value);
  });
  return values;
}

TEST_CASE("GramFilter: finds literals anywhere, without regard to case") {
  GramFilter filter;
  filter.add("casino", 1);
  filter.add("bet", 2);
  filter.add("casinos", 3);
  filter.seal();
  CHECK(hits(filter, "https://royal-CASINO7.example/") == std::set<std::uint32_t>{1});
  CHECK(hits(filter, "casinos") == std::set<std::uint32_t>{1, 3});
  CHECK(hits(filter, "bet") == std::set<std::uint32_t>{2});
  CHECK(hits(filter, "tibet") == std::set<std::uint32_t>{2});
  CHECK(hits(filter, "casin").empty());
  CHECK(hits(filter, "asino").empty());
  CHECK(hits(filter, "be").empty());
  CHECK(hits(filter, "").empty());
}

TEST_CASE("GramFilter: bytes that share a class with others are told apart") {
  GramFilter filter;
  filter.add("a.b", 1);
  filter.seal();
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("a") + static_cast<char>(c) + "b";
    CHECK(hits(filter, text).empty() == (c != '.'));
  }
}

TEST_CASE("GramFilter: literals of two bytes are found at both ends") {
  GramFilter filter;
  filter.add("ai", 1);
  filter.add("air", 2);
  filter.seal();
  CHECK(hits(filter, "ai") == std::set<std::uint32_t>{1});
  CHECK(hits(filter, "x-AI") == std::set<std::uint32_t>{1});
  CHECK(hits(filter, "air-x") == std::set<std::uint32_t>{1, 2});
  CHECK(hits(filter, "a-i").empty());
}

TEST_CASE("GramFilter: one without literals finds nothing") {
  GramFilter filter;
  filter.seal();
  CHECK(hits(filter, "anything at all").empty());
}

}  // namespace
}  // namespace fairlead::rules::match
