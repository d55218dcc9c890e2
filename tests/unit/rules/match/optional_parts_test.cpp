#include "rules/match/patterns/optional_parts.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <array>
#include <random>

namespace fairlead::rules::match {
namespace {

TEST_CASE("spell_out_optional: letters, classes and groups") {
  CHECK(spell_out_optional("spy-?apps?") == "spy(?:-|)app(?:s|)");
  CHECK(spell_out_optional("(a|b?)?c") == "(?:(a|(?:b|))|)c");
  CHECK(spell_out_optional("(?:a-?)?[ _-]?") == "(?:(?:a(?:-|))|)(?:[ _-]|)");
  CHECK(spell_out_optional("[]a]?[^?]b?") == "(?:[]a]|)[^?](?:b|)");
}

TEST_CASE("spell_out_optional: leaves alone what is not one optional part") {
  for (const char* text : {"a??", "a+?", "a*?", "a{2}?", "\\.?", "\\d?", "x[?]", "\\?", "(?i)a", "(?P<n>a)",
                           "\xC3\xA9?", "\\x61?", "\\pL?", "\\101?", "\\Qa?\\E", "[[:alpha:]]?", "[\\pL]?"}) {
    CAPTURE(text);
    CHECK(spell_out_optional(text) == text);
  }
}

TEST_CASE("spell_out_optional: the same language") {
  constexpr std::array kPieces{"a",       "b",      "-",   "a?",    "b?",    "-?",   "(a|b)?",
                               "(a-?|b)", "[ab-]?", "a*?", "[^a]?", "(b?)?", "\\ba?"};
  constexpr std::array kLetters{'a', 'b', '-'};
  std::mt19937_64 turn(7);
  const auto pick = [&](const auto& from) { return from[turn() % from.size()]; };
  std::size_t matched = 0, refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string pattern;
    for (std::size_t n = 1 + turn() % 5; n > 0; --n) pattern += pick(kPieces);
    const re2::RE2 plain(pattern, re2::RE2::Quiet), spelt(spell_out_optional(pattern), re2::RE2::Quiet);
    REQUIRE(plain.ok() == spelt.ok());
    if (!plain.ok()) {
      ++refused;
      continue;
    }
    for (int n = 0; n < 30; ++n) {
      std::string text;
      for (std::size_t size = turn() % 7; size > 0; --size) text += pick(kLetters);
      const bool matches = re2::RE2::FullMatch(text, plain);
      matched += matches ? 1 : 0;
      INFO(pattern, " on ", text);
      REQUIRE(re2::RE2::FullMatch(text, spelt) == matches);
    }
  }
  CHECK(matched > 3000);
  CHECK(refused == 0);
}

}  // namespace
}  // namespace fairlead::rules::match
