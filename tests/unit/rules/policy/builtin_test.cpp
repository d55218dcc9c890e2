#include "texts.hpp"

namespace fairlead::rules::policy {
namespace {

TEST_CASE("builtin_minimum: loads, passes its own tests and knows what it is") {
  const auto rules = Rules::builtin_minimum();
  REQUIRE(rules);
  CHECK(rules->is_builtin());
  CHECK(rules->catalog().categories.size() >= 15);  // were it the last resort, there would be none
  CHECK(rules->ruleset_id().size() == 64);
}

TEST_CASE("builtin_minimum: blocks the worst for everybody, and does not close the web") {
  const auto rules = Rules::builtin_minimum();
  const std::uint16_t group = rules->group_of({});
  for (const char* url :
       {"https://www.pornhub.com/", "https://methods-forum.example/painless", "https://thinspo-board.example/",
        "https://homemade-explosives-guide.example/", "https://random-video-chat.example/",
        "https://undress-any-photo.example/", "https://www.google.co.uk/search?q=pro+ana+tips"}) {
    CAPTURE(url);
    CHECK(test::decide(*rules, url, group).verdict == Verdict::block);
    CHECK(test::decide(*rules, url, 77).verdict == Verdict::block);
  }
  for (const char* url : {"https://www.bbc.co.uk/news", "https://www.essex.gov.uk/", "https://www.samaritans.org/",
                          "https://www.screwfix.com/"}) {
    CAPTURE(url);
    CHECK(test::decide(*rules, url, group).verdict == Verdict::allow);
  }
}

TEST_CASE("builtin_minimum: search engines keep to their safe modes") {
  const auto rules = Rules::builtin_minimum();
  url::CanonicalUrl url;
  REQUIRE(url.assign("https://www.google.co.uk/"));
  CHECK(rules->safe_search(url, 0).connect_to == "forcesafesearch.google.com");
}

TEST_CASE("builtin_minimum: every category is of high severity or worse, and blocks") {
  const auto rules = Rules::builtin_minimum();
  for (const auto& category : rules->catalog().categories) {
    CAPTURE(category.id);
    CHECK(category.severity >= catalog::Severity::high);
    CHECK_FALSE(category.must_block.empty());
  }
  for (const auto& action : rules->policy().groups.at(0).actions) CHECK(action.otherwise == catalog::Action::block);
}

}  // namespace
}  // namespace fairlead::rules::policy
