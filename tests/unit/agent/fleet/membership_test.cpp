#include "agent/fleet/membership.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/agent/events/samples.hpp"

namespace fairlead::agent::fleet {
namespace {

TEST_CASE("membership: a laptop joins and leaves, and a file that somebody spoilt is told of") {
  const events::TemporaryFolder folder;
  CHECK_FALSE(read_membership(folder.path())->has_value());
  REQUIRE(write_membership(folder.path(), {"https://hub.example:8443", "an authority", "a certificate"}));
  const auto read = read_membership(folder.path());
  REQUIRE(read);
  REQUIRE(*read);
  CHECK((*read)->hub == "https://hub.example:8443");
  CHECK((*read)->authority == "an authority");
  CHECK((*read)->certificate == "a certificate");
  CHECK_FALSE((*read)->through_inspection);
  Membership wide = **read;
  wide.through_inspection = true;
  REQUIRE(write_membership(folder.path(), wide));
  CHECK((*read_membership(folder.path()))->through_inspection);
  const auto file = folder.path() / "fleet" / "membership.json";
  CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_all) ==
        std::filesystem::perms::none);
  for (const char* text : {"", "[]", R"({"hub": "x"})", R"({"hub": 1, "authority": "", "certificate": ""})"}) {
    CAPTURE(text);
    std::ofstream(file) << text;
    CHECK_FALSE(read_membership(folder.path()));
  }
  REQUIRE(forget_membership(folder.path()));
  CHECK_FALSE(read_membership(folder.path())->has_value());
}

}  // namespace
}  // namespace fairlead::agent::fleet
