#include "rules/match/path_rule.hpp"

#include <doctest/doctest.h>

#include "catalogs.hpp"

namespace fairlead::rules::match {
namespace {

using test::url_of;

bool blocks(std::string_view rule, std::string_view url) {
  return PathRule("example.org", rule).speaks_about(url_of(url), Part::block);
}
bool allows(std::string_view rule, std::string_view url) {
  return PathRule("example.org", rule).speaks_about(url_of(url), Part::allow);
}

TEST_CASE("PathRule: a prefix ends at a path boundary") {
  CHECK(blocks("/casino", "http://example.org/casino"));
  CHECK(blocks("/casino", "http://example.org/casino/"));
  CHECK(blocks("/casino", "http://example.org/casino/x"));
  CHECK(blocks("/casino", "http://example.org/casino?y"));
  CHECK_FALSE(blocks("/casino", "http://example.org/casinos"));
  CHECK_FALSE(blocks("/casino", "http://example.org/casino-royal"));
  CHECK_FALSE(blocks("/casino", "http://example.org/x/casino"));
}

TEST_CASE("PathRule: a slash at the end of a rule says nothing") {
  CHECK(blocks("/casino/", "http://example.org/casino"));
  CHECK(blocks("/casino/", "http://example.org/casino/x"));
}

TEST_CASE("PathRule: a block rule holds for what a lenient origin would read") {
  CHECK(blocks("/blocked", "http://example.org//blocked/x"));
  CHECK(blocks("/blocked", "http://example.org/blocked;v=1/x"));
  CHECK(blocks("/a/blocked", "http://example.org/a%2Fblocked"));
  CHECK(blocks("/blocked", "http://example.org/x/..%2Fblocked"));
  CHECK(blocks("/blocked", "http://example.org/%5Cblocked"));
  CHECK(blocks("/blocked", "http://example.org/BLOCKED/x"));
  CHECK(blocks("/blocked", "http://example.org/b%6Cocked"));
}

TEST_CASE("PathRule: an allow rule does not open what one origin may read in another way") {
  CHECK(allows("/help", "http://example.org/help/x"));
  CHECK_FALSE(allows("/help", "http://example.org/help/..%2Fcasino"));
  CHECK_FALSE(allows("/help", "http://example.org//help/x"));
  CHECK_FALSE(allows("/help", "http://example.org/HELP"));
}

TEST_CASE("PathRule: a rule with an escape matches the same escape") {
  CHECK(blocks("/my%20page", "http://example.org/my%20page/x"));
  CHECK(allows("/my%20page", "http://example.org/my%20page/x"));
}

}  // namespace
}  // namespace fairlead::rules::match
