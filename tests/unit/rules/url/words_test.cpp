#include "rules/url/words.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace url = fairlead::rules::url;

namespace {

std::string folded(std::string_view raw) {
  std::string out = "left over";
  url::fold_words(raw, out);
  return out;
}

}  // namespace

TEST_CASE("fold_words: what was typed, in one form") {
  struct Row {
    std::string_view raw;
    std::string_view words;
    std::string_view why;
  };
  const std::vector<Row> rows = {
      {"", "", "nothing"},
      {"Free+Bets", "free bets", "plus is a space, case folds"},
      {"free%20%20bets", "free bets", "a run of spaces is one"},
      {"+free%09%0Abets+", "free bets", "white space of any kind, none at the ends"},
      {"fr%65e", "free", "escapes"},
      {"%2565", "%65", "once only"},
      {"100%25", "100%", "an escaped percent sign"},
      {"100%", "100%", "a stray percent sign"},
      {"a%2Bb", "a+b", "an escaped plus is a plus"},
      {"%EF%BC%A6ree", "free", "full width"},
      {"free%C2%A0bets", "free bets", "no-break space"},
      {"free%E3%80%80bets", "free bets", "ideographic space"},
      {"free%E2%80%A8bets", "free bets", "line separator"},
      {"STRA%C3%9FE", "strasse", "full case folding"},
      {"x%CC%81", "x\xCC\x81", "a combining mark stays with its letter"},
      {"e%CC%81", "\xC3\xA9", "and composes where Unicode has the letter"},
      {"b%E2%80%8Be%C2%ADts", "bets", "invisible characters go"},
      {"%EF%AC%81ne", "fine", "ligatures"},
      {"%FF%FEx", "\xEF\xBF\xBD\xEF\xBF\xBDx", "not UTF-8"},
      {"%ED%A0%80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", "a surrogate is not UTF-8"},
      {"%C3", "\xEF\xBF\xBD", "a character that ends too early"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.raw);
    CAPTURE(row.why);
    CHECK(folded(row.raw) == row.words);
  }
}

TEST_CASE("for_each_parameter: names and values in order, as written") {
  std::vector<std::string> seen;
  url::for_each_parameter("q=free+bets&&x&a=b=c&e=", [&seen](std::string_view name, std::string_view value) {
    seen.push_back(std::string(name) + ":" + std::string(value));
  });
  CHECK(seen == std::vector<std::string>{"q:free+bets", "a:b=c", "e:"});
}
