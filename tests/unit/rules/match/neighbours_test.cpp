#include "rules/match/patterns/neighbours.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "rules/base/text.hpp"
#include "rules/match/patterns/expression_reader.hpp"
#include "rules/match/patterns/hidden_letters.hpp"
#include "rules/match/patterns/regex.hpp"
#include "tests/unit/rounds.hpp"

namespace fairlead::rules::match {
namespace {

/// A set of kinds as characters: '9' any digit, '|' an edge, '~' the rest; "*" for every kind.
std::string show(Kinds kinds) {
  constexpr std::string_view kNames = "abcdefghijklmnopqrstuvwxyz9-./|~";
  if (kinds == kEveryKind) return "*";
  std::string text;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if ((kinds >> i & 1U) != 0) text += kNames[i];
  }
  return text;
}
std::string show(const BesideKinds& kinds) {
  std::string text;
  for (const Kinds at : kinds.at) text += show(at) + " ";
  return text + "last " + show(kinds.last);
}

Neighbours beside(std::string_view re2, std::string_view literal, bool any_case = false) {
  const auto automaton = read_expression(re2, any_case);
  REQUIRE(automaton);
  return automaton->beside(literal);
}

bool fits_in(const Neighbours& beside, std::string_view text, std::string_view literal) {
  const std::size_t begin = text.find(literal);
  REQUIRE(begin != std::string_view::npos);
  return fits(beside, text, begin, begin + literal.size(), text.size(), [](std::size_t) { return false; });
}

TEST_CASE("Neighbours: what an expression lets stand beside its literals") {
  const Neighbours label = beside("(^|[.-])shop[0-9]?([.-]|$)", "shop");
  CHECK(show(label.before) == "-.|   last -.|");
  CHECK(show(label.behind) == "9-.| -.|  last -.|");
  CHECK(fits_in(label, "www.shop7.example", "shop"));
  CHECK(fits_in(label, "shop", "shop"));
  CHECK_FALSE(fits_in(label, "workshop.example", "shop"));
  CHECK_FALSE(fits_in(label, "shopping.example", "shop"));

  const Neighbours word = beside("(the|my)-?bookie", "book");
  CHECK(show(word.before) == "ey- ehmy hmt last mt");
}

TEST_CASE("Neighbours: a place that a literal holds by chance is not where it was meant") {
  CHECK_FALSE(fits_in(beside("^http://[0-9]+/[^?]*/x", "http://"), "http://www.example/", "http://"));
  CHECK(fits_in(beside("^http://[0-9]+/[^?]*/x", "http://"), "http://192/", "http://"));
}

/// One character each, as RE2 writes it.
constexpr std::array kOneCharacter{
    "a",
    "K",
    "7",
    "-",
    "_",
    ".",
    "\\.",
    "\\-",
    "\\x41",
    "\\x{6b}",
    "\\x{212a}",
    "\\n",
    "\\t",
    "[abc]",
    "[a-c]",
    "[A-C]",
    "[^a-c]",
    "[^A-C]",
    "[]a]",
    "[^]a]",
    "[a-]",
    "[-a]",
    "[a\\-c]",
    "[\\]x]",
    "[\\d_]",
    "[\\d-z]",
    "[^\\d]",
    "[^\\D]",
    "[\\x41-\\x43]",
    "[a-\\x{212a}]",
    "[^\xC5\xBF]",
    "[\xC5\xBF]",
    "\xC5\xBF",
    "\xE2\x84\xAA",
    "[\xE2\x84\xAA-\xE2\x84\xAB]",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\pL",
    "\\PL",
    "\\p{Greek}",
    "[[:alpha:]]",
    "[[:^alpha:]-]",
    "[^[:digit:]a]",
    "[\\pN]",
    "[^\\pL]",
    "[^\\PL]",
    "[a-zA-Z0-9.-]",
    "[^/?]",
    "(?:a)",
    "(a)",
    "(?P<n>a)",
    "(a|b|[0-9])",
    "(?s:.)",
    "(?:a{1,2})",
    "a{1}",
    "(?:)a",
    "\\b[ab]",
    "[ab]\\B",
    "(?:^|a)[bc]",
    "\\{",
    "{",
    "}",
    "]",
    "[{]",
    "s",
    "[r-t]",
};

TEST_CASE("read_expression: no byte is left out that RE2 lets stand there") {
  std::size_t compared = 0, read = 0;
  for (const bool any_case : {false, true}) {
    for (const std::string piece : kOneCharacter) {
      CAPTURE(any_case);
      CAPTURE(piece);
      re2::RE2::Options options(re2::RE2::Quiet);
      options.set_case_sensitive(!any_case);
      const re2::RE2 before(piece + "qz", options), behind("qz" + piece, options);
      REQUIRE(before.ok());
      REQUIRE(behind.ok());
      const auto left = read_expression(piece + "qz", any_case), right = read_expression("qz" + piece, any_case);
      REQUIRE(left);
      REQUIRE(right);
      ++read;
      std::vector<std::string> characters{"\xC5\xBF", "\xE2\x84\xAA", "\xC3\xA9", "\xCE\xB1"};
      for (char c = 1; c > 0; ++c) characters.emplace_back(1, c);
      for (const std::string& c : characters) {
        const std::string in_front = "." + c + "qz.", at_back = ".qz" + c + ".";
        CAPTURE(c);
        if (re2::RE2::PartialMatch(in_front, before)) {
          ++compared;
          REQUIRE(fits_in(left->beside("qz"), in_front, "qz"));
        }
        if (re2::RE2::PartialMatch(at_back, behind)) {
          ++compared;
          REQUIRE(fits_in(right->beside("qz"), at_back, "qz"));
        }
      }
    }
  }
  CHECK(read == 2 * kOneCharacter.size());
  CHECK(compared > 5000);
}

TEST_CASE("read_expression: classes are no wider than they are written") {
  const auto before = [](const char* piece, bool any_case = false) {
    return show(beside(std::string(piece) + "qz", "qz", any_case).before.at[0]);
  };
  CHECK(before("x[a-c]") == "abc");
  CHECK(before("x[^a-z]") == "*");  // the upper-case ones
  CHECK(before("x[^a-z]", true) == "9-./|~");
  CHECK(before("x[]a]") == "a~");
  CHECK(before("x[\\d.]") == "9.");
  CHECK(before("x\\x41") == "a");
  CHECK(before("xk", true) == "k~");  // KELVIN SIGN
  CHECK(before("xk") == "k");
  CHECK(before("x(a{2,3}b*|c+)") == "abc");
  CHECK(before("xa??") == "ax");
}

TEST_CASE("read_expression: what it does not read, it says nothing about") {
  for (const char* text : {"\\Qa.b\\E", "(?m)^a", "(?-i)a", "\\101", "(?i)a"}) {
    CAPTURE(text);
    REQUIRE(re2::RE2(text, re2::RE2::Quiet).ok());
    CHECK_FALSE(read_expression(text, false));
  }
  CHECK(read_expression("(?i)a", true));
  std::string deep(300, '(');
  CHECK_FALSE(read_expression(deep + "a" + std::string(300, ')'), false));
  // 300 words, each behind each.
  std::string words = "(a0";
  for (int i = 1; i < 300; ++i) words += "|a" + std::to_string(i);
  CHECK_FALSE(read_expression(words + ")*", false));
}

TEST_CASE("Neighbours: wherever RE2 matches, one of the literals that wake the pattern fits") {
  constexpr std::array kPieces{"ab",
                               "ba",
                               "(ab|ba)",
                               "(ab|c)",
                               "a?",
                               "-?",
                               "(^|[.-])",
                               "([.-]|$)",
                               "[a-c]*",
                               "[^a]",
                               "ab{1,2}",
                               "(ab-?)*",
                               "\\bab",
                               "ba\\b",
                               "[0-9]+",
                               "[ab]",
                               "(?:ab|)",
                               "^ab",
                               "ab$",
                               ".*",
                               "(ab?){2}",
                               "[.]",
                               "(a|ab)(c|bc)",
                               "\\d",
                               "\xC5\xBF"
                               "a"};
  constexpr std::array kTexts{"a", "b", "c", "ab", "ba", "-", ".", "1", "abc", "A", "B", "\xC5\xBF", "s", "\xC3\xA9"};
  std::mt19937_64 turn(11);
  const auto pick = [&](const auto& from) { return std::string(from[turn() % from.size()]); };
  const GramShares shares;
  int matched = 0, told_apart = 0;
  for (int i = 0; i < rounds(4000); ++i) {
    std::string pattern;
    for (std::size_t n = 1 + turn() % 5; n > 0; --n) pattern += pick(kPieces);
    const bool any_case = turn() % 2 == 0;
    const auto examined = examine(pattern, any_case, shares);
    const auto automaton = read_expression(pattern, any_case);
    if (!examined || examined->triggers.empty()) continue;
    CAPTURE(pattern);
    REQUIRE(automaton);
    const auto regex = Regex::compile(pattern, any_case);
    REQUIRE(regex);
    for (int n = 0; n < 40; ++n) {
      std::string text;
      for (std::size_t size = 1 + turn() % 7; size > 0; --size) text += pick(kTexts);
      std::string buffer;
      const std::string shown = text::lower(show_letters(text, buffer));
      bool fitting = false, holding = false;
      for (const std::string& literal : examined->triggers) {
        const Neighbours of = automaton->beside(literal);
        for (std::size_t at = shown.find(literal); at != std::string::npos; at = shown.find(literal, at + 1)) {
          holding = true;
          fitting =
              fitting || fits(of, shown, at, at + literal.size(), shown.size(), [](std::size_t) { return false; });
        }
      }
      const bool matches = regex->matches(text);
      matched += matches ? 1 : 0;
      told_apart += holding && !fitting ? 1 : 0;
      CAPTURE(text);
      if (matches) REQUIRE(fitting);
    }
  }
  CHECK(matched > rounds(5000));
  CHECK(told_apart > rounds(2000));  // otherwise this says nothing
}

}  // namespace
}  // namespace fairlead::rules::match
