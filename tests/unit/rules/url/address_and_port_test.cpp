#include "rules/base/address_and_port.hpp"

#include <doctest/doctest.h>

namespace fairlead::text {
namespace {

TEST_CASE("address and port: both families, and what is neither") {
  const auto four = address_and_port("127.0.0.1:3128");
  REQUIRE(four);
  CHECK(four->address == "127.0.0.1");
  CHECK(four->port == 3128);
  const auto six = address_and_port("[::1]:0");
  REQUIRE(six);
  CHECK(six->address == "::1");
  CHECK(six->port == 0);
  CHECK(address_and_port("anything:65535")->address == "anything");
  for (const char* bad :
       {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:1x", "127.0.0.1:65536", "127.0.0.1:-1", ":+1"}) {
    CAPTURE(bad);
    CHECK_FALSE(address_and_port(bad));
  }
}

}  // namespace
}  // namespace fairlead::text
