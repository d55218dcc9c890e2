#include "rules/match/patterns/regex.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace fairlead::rules::match {
namespace {

const GramShares kShares;

std::string refusal(std::string_view text) {
  const auto compiled = Regex::compile(text, true);
  const auto triggers = examine(text, true, kShares);
  if (!compiled) CHECK(!triggers);  // one does not take what the other refuses
  return triggers ? "" : triggers.error();
}

std::vector<std::string> triggers(std::string_view text, bool any_case = false) {
  auto found = examine(text, any_case, kShares);
  REQUIRE(found);
  return found->triggers;
}

using RegexTexts = std::vector<std::string>;

TEST_CASE("Regex: hosts are matched as they stand, the rest without regard to case") {
  CHECK_FALSE(Regex::compile("Casino", false)->matches("casino.example"));
  CHECK(Regex::compile("casino", true)->matches("/CASINO"));
  CHECK(Regex::compile("Casino", true)->matches("q=casino"));
}

TEST_CASE("Regex: the host stands without a dot at its end") {
  auto casino = Regex::compile(R"((^|\.)[a-z0-9-]*casino[a-z0-9-]*\.)", false);
  REQUIRE(casino);
  CHECK(casino->matches("royal-casino7.example"));
  CHECK(casino->span("www.royal-casino7.example") == ".royal-casino7.");
  CHECK_FALSE(casino->matches("casino"));
  CHECK_FALSE(casino->matches("example.casino"));
}

TEST_CASE("Regex: hostile ones are refused with the mend") {
  CHECK(refusal("").find("empty") != std::string::npos);
  CHECK(refusal(std::string(5000, 'a')).find("4096") != std::string::npos);
  CHECK(refusal("(a{1000}){1000}").find("count") != std::string::npos);
  CHECK(refusal("((a{100}){100}b?){10}").find("count") != std::string::npos);
  CHECK(refusal("(((\\pL{30}){30})[^a]{1,30})").find("count") != std::string::npos);
  CHECK(refusal(R"([\p{L}\p{N}]{900}x{900})").find("too big") != std::string::npos);
  CHECK(refusal("a*").find("empty text") != std::string::npos);
  CHECK(refusal("foo|").find("empty text") != std::string::npos);
  CHECK(refusal("(?=foo)").find("look-ahead") != std::string::npos);
  CHECK(refusal("(foo").find("brackets") != std::string::npos);
  CHECK(refusal("foo)").find("brackets") != std::string::npos);
  CHECK(refusal("[foo").find("']'") != std::string::npos);
  CHECK(refusal("*foo").find("repeat") != std::string::npos);
  CHECK(refusal("foo\\").find("'\\'") != std::string::npos);
  CHECK(refusal("\\y").find("escape") != std::string::npos);
  CHECK(refusal(R"((a)\1)").find("escape") != std::string::npos);
}

TEST_CASE("Regex: triggers are literals that every match holds") {
  CHECK(triggers(R"((^|\.)[a-z0-9-]*casino[a-z0-9-]*\.)") == RegexTexts{"casino"});
  CHECK(triggers("(porn|hentai)-?tube").size() >= 1);
  CHECK(triggers("casino.*jackpot").size() == 1);
  CHECK(triggers("foo|bar") == RegexTexts{"bar", "foo"});
  CHECK(triggers("[a-z]{6}[0-9]{4}").empty());
  CHECK(triggers("foobar|[0-9]{9}").empty());
  CHECK(triggers("ab|cdef") == RegexTexts{"ab", "cdef"});
  CHECK(triggers("[a-z]{2}|cdef").empty());  // nothing to look for in one of its branches
}

TEST_CASE("Regex: of several sufficient literals the rarest is the trigger") {
  CHECK(triggers(R"(^https?://[0-9.]+/[^?]*(barclays|hsbc))", true) == RegexTexts{"barclays", "hsbc"});
  CHECK(triggers(R"(/eicar[a-z0-9_-]*[.](com|exe)$)", true) == RegexTexts{"/eicar"});
}

TEST_CASE("Regex: characters beyond ASCII are never a trigger") {
  CHECK(triggers("caf\xC3\xA9", true) == RegexTexts{"caf"});
}

TEST_CASE("Literals: what else must be there beside the set that is waited for") {
  const auto sets = [](std::string_view text) {
    const auto found = examine(text, true, kShares);
    REQUIRE(found);
    auto all = found->required;
    all.push_back(found->triggers);
    std::sort(all.begin(), all.end());
    return all;
  };
  using Sets = std::vector<RegexTexts>;
  CHECK(sets("(casino|betting).*[0-9]+(online|mobile)") == Sets{{"betting", "casino"}, {"mobile", "online"}});
  CHECK(sets("casino.*bet.*x") == Sets{{"bet"}, {"casino"}});
  CHECK(sets("casino|.*online") == Sets{{"casino", "online"}});
  CHECK(sets("(casino)?x+online") == Sets{{"online"}});
}

}  // namespace
}  // namespace fairlead::rules::match
