#include "rules/match/pattern.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace fairlead::rules::match {
namespace {

std::string refusal(std::string_view text) {
  auto pattern = Pattern::compile(text, Subject::path);
  return pattern ? "" : pattern.error();
}

std::vector<std::string> triggers(std::string_view text, Subject subject = Subject::host) {
  auto pattern = Pattern::compile(text, subject);
  REQUIRE(pattern);
  return pattern->triggers();
}

using Texts = std::vector<std::string>;

TEST_CASE("Pattern: hosts are matched as they stand, the rest without regard to case") {
  CHECK_FALSE(Pattern::compile("Casino", Subject::host)->matches("casino.example"));
  CHECK(Pattern::compile("casino", Subject::path)->matches("/CASINO"));
  CHECK(Pattern::compile("Casino", Subject::query)->matches("q=casino"));
}

TEST_CASE("Pattern: the host stands without a dot at its end") {
  auto casino = Pattern::compile(R"((^|\.)[a-z0-9-]*casino[a-z0-9-]*\.)", Subject::host);
  REQUIRE(casino);
  CHECK(casino->matches("royal-casino7.example"));
  CHECK(casino->span("www.royal-casino7.example") == ".royal-casino7.");
  CHECK_FALSE(casino->matches("casino"));
  CHECK_FALSE(casino->matches("example.casino"));
}

TEST_CASE("Pattern: hostile ones are refused with the mend") {
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

TEST_CASE("Pattern: triggers are literals that every match holds") {
  CHECK(triggers(R"((^|\.)[a-z0-9-]*casino[a-z0-9-]*\.)") == Texts{"casino"});
  CHECK(triggers("(porn|hentai)-?tube").size() >= 1);
  CHECK(triggers("casino.*jackpot").size() == 1);
  CHECK(triggers("foo|bar") == Texts{"bar", "foo"});
  CHECK(triggers("[a-z]{6}[0-9]{4}").empty());
  CHECK(triggers("foobar|[0-9]{9}").empty());
  CHECK(triggers("ab|cdef") == Texts{"ab", "cdef"});
  CHECK(triggers("[a-z]{2}|cdef").empty());  // nothing to look for in one of its branches
}

TEST_CASE("Pattern: of several sufficient literals the rarest is the trigger") {
  CHECK(triggers(R"(^https?://[0-9.]+/[^?]*(barclays|hsbc))", Subject::url) == Texts{"barclays", "hsbc"});
  CHECK(triggers(R"(/eicar[a-z0-9_-]*[.](com|exe)$)", Subject::path) == Texts{"/eicar"});
}

TEST_CASE("Pattern: characters beyond ASCII are never a trigger") {
  CHECK(triggers("caf\xC3\xA9", Subject::path) == Texts{"caf"});
}

}  // namespace
}  // namespace fairlead::rules::match
