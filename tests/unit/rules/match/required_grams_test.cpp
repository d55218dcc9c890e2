#include "rules/match/patterns/required_grams.hpp"

#include <doctest/doctest.h>

#include "rules/match/patterns/hidden_letters.hpp"

namespace fairlead::rules::match {
namespace {

using Sets = std::vector<std::vector<std::string>>;

bool may_match(const Sets& sets, std::string_view text) {
  std::vector<RequiredGram> required;
  append_required(sets, required);
  SeenGrams seen;
  seen.begin(text.size());
  seen.add({text});
  return seen.satisfy(required);
}

TEST_CASE("SeenGrams: one literal of each set must be there, whole") {
  const Sets sets = {{"casino", "betting"}, {"online", "mobile"}};
  CHECK(may_match(sets, "/best-casino-online/"));
  CHECK(may_match(sets, "/MOBILE/BETTING"));
  CHECK_FALSE(may_match(sets, "/best-casino/"));
  CHECK_FALSE(may_match(sets, "/online/"));
  CHECK_FALSE(may_match(sets, "/casi-online/"));
  CHECK_FALSE(may_match(sets, "/online/sino/"));
  CHECK(may_match({}, ""));
}

TEST_CASE("SeenGrams: three letters count; of two, and of sets of very many, nothing is asked") {
  CHECK(may_match({{"casino", "bet"}}, "/bets"));
  CHECK_FALSE(may_match({{"casino", "bet"}}, "/be-ts"));
  CHECK(may_match({{"4u"}}, "/"));
  CHECK(may_match({{}}, "/"));
  CHECK(may_match({std::vector<std::string>(1000, "casino")}, "/"));
}

TEST_CASE("SeenGrams: parts join, texts do not") {
  std::vector<RequiredGram> required;
  append_required(Sets{{"org/help"}}, required);
  SeenGrams apart, together;
  apart.begin(40);
  together.begin(40);
  apart.add({"https://example.org"});
  apart.add({"/help"});
  together.add({"https://example.org", "/help"});
  CHECK_FALSE(apart.satisfy(required));
  CHECK(together.satisfy(required));
}

TEST_CASE("show_letters: what RE2 takes for a letter becomes that letter") {
  std::string buffer;
  CHECK(show_letters("po\xE2\x84\xAA"
                     "er and \xC5\xBFlots \xC5\xBE \xE2\x84",
                     buffer) == "poker and slots \xC5\xBE \xE2\x84");
  const std::string_view plain = "caf\xC3\xA9";
  CHECK(show_letters(plain, buffer).data() == plain.data());
}

}  // namespace
}  // namespace fairlead::rules::match
