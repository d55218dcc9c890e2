#include "agent/exchange/compress.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace fairlead::agent::exchange;

TEST_CASE("compress: what was compressed comes back") {
  for (const std::string& text : {std::string(), std::string("a"), std::string(300'000, 'x') + "end"}) {
    const auto small = compress(text);
    REQUIRE(small);
    CHECK(*decompress(*small, text.size()) == text);
  }
}

TEST_CASE("decompress: a bomb is refused where the limit is, and costs no more") {
  const auto bomb = compress(std::string(64 * 1024 * 1024, '\0'));
  REQUIRE(bomb);
  CHECK(bomb->size() < 16 * 1024);
  CHECK(decompress(*bomb, 1024 * 1024).error().code == fairlead::Errc::too_large);
  // One byte more than the limit is too much, the limit itself is not.
  const auto exact = compress(std::string(5000, 'a'));
  CHECK(decompress(*exact, 5000).has_value());
  CHECK(decompress(*exact, 4999).error().code == fairlead::Errc::too_large);
}

TEST_CASE("decompress: what is no frame, is cut off or follows a frame is refused") {
  const auto small = compress("some text that is long enough to be cut");
  REQUIRE(small);
  for (std::size_t size = 0; size < small->size(); ++size) CHECK_FALSE(decompress(small->substr(0, size), 1000));
  CHECK_FALSE(decompress("plain text", 1000));
  CHECK_FALSE(decompress(*small + "more", 1000));
}
