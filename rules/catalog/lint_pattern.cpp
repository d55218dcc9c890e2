#include "rules/catalog/lint_pattern.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "rules/base/text.hpp"
#include "rules/catalog/everyday.hpp"
#include "rules/catalog/problem.hpp"

namespace fairlead::rules::catalog {
namespace {

using PatternTexts = std::vector<std::string>;

constexpr std::size_t kTooMany = 3;        // everyday texts that one pattern may not reach
constexpr std::size_t kShortWord = 4;      // up to here a word turns up inside others
constexpr std::size_t kVeryShortWord = 3;  // up to here it turns up at their beginning and end as well

re2::RE2::Options options() {
  constexpr std::int64_t kMostMemory = std::int64_t{8} << 20;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_case_sensitive(false);
  options.set_max_mem(kMostMemory);
  return options;
}

/// Where a pattern is tried: everyday texts of its subject, and the surroundings in which a word of its own is put.
struct Subject {
  PatternTexts everyday;
  PatternTexts around;  // '@' stands for the word
  std::string anchors;  // how to anchor, for the mend; '@' stands for the word
};

PatternTexts copy(std::span<const std::string_view> texts) { return {texts.begin(), texts.end()}; }

PatternTexts with(std::string_view prefix, const PatternTexts& texts, std::string_view suffix) {
  PatternTexts result;
  result.reserve(texts.size());
  for (const std::string& text : texts) result.push_back(std::string(prefix) + text + std::string(suffix));
  return result;
}

PatternTexts joined(PatternTexts a, const PatternTexts& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Subject subject_of(Where where) {
  const PatternTexts hosts_around{"@.com", "www.@.co.uk", "@.example", "@.net", "www.@.org"};
  const PatternTexts paths_around{"/@", "/@/", "/@.html", "/a/@/1"};
  const PatternTexts queries_around{"q=@", "@=1", "page=2&search=@&lang=en"};
  const std::string in_host = "(^|[.-])@([.-]|$)";
  const std::string in_text = "\\b@\\b";
  switch (where) {
    case Where::host:
      return {copy(kEverydayHosts), hosts_around, in_host};
    case Where::path:
      return {copy(kEverydayPaths), paths_around, in_text};
    case Where::query:
      return {copy(kEverydayQueries), queries_around, in_text};
    case Where::url:
      break;
  }
  return {
      joined(with("https://", copy(kEverydayHosts), "/"), with("https://www.example.com", copy(kEverydayPaths), "")),
      joined(joined(with("https://", hosts_around, "/"), with("https://www.example.com", paths_around, "")),
             with("https://www.example.com/?", queries_around, "")),
      in_text};
}

std::string put(std::string_view surroundings, std::string_view word) {
  const std::size_t at = surroundings.find('@');
  return std::string(surroundings.substr(0, at)) + std::string(word) + std::string(surroundings.substr(at + 1));
}

/// Words of the pattern itself: literals of which every match contains some, letters and digits alone.
PatternTexts short_words(std::string_view pattern) {
  re2::FilteredRE2 filter(1);
  int id = 0;
  if (filter.Add(re2::StringPiece(pattern.data(), pattern.size()), options(), &id) != re2::RE2::NoError) return {};
  PatternTexts atoms;
  filter.Compile(&atoms);
  std::erase_if(atoms, [](const std::string& atom) {
    return atom.size() > kShortWord || !std::all_of(atom.begin(), atom.end(), text::is_alnum) ||
           std::none_of(atom.begin(), atom.end(), text::is_alpha) ||
           std::find(kUnmistakable.begin(), kUnmistakable.end(), atom) != kUnmistakable.end();
  });
  return atoms;
}

/// A text in which the pattern finds `word` inside or (very short ones) at the edge of another word; "" when none.
std::string unanchored_match(const re2::RE2& pattern, const std::string& word, const PatternTexts& around) {
  PatternTexts longer{"zz" + word + "zz", "zz" + word + "1zz"};
  if (word.size() <= kVeryShortWord) {
    longer.push_back(word + "zz");
    longer.push_back("zz" + word);
  }
  for (const std::string& surroundings : around) {
    for (const std::string& other : longer) {
      std::string text = put(surroundings, other);
      // Without the word nothing may match, or the match is about something else.
      if (re2::RE2::PartialMatch(text, pattern) && !re2::RE2::PartialMatch(put(surroundings, "zzzz"), pattern))
        return text;
    }
  }
  return {};
}

std::vector<std::string> doubts(std::string_view text, const Subject& subject) {
  const re2::RE2 pattern(re2::StringPiece(text.data(), text.size()), options());
  if (!pattern.ok()) return {};
  std::vector<std::string> found;
  for (const std::string& word : short_words(text)) {
    const std::string example = unanchored_match(pattern, word, subject.around);
    if (example.empty()) continue;
    found.push_back("finds the short word " + in_quotes(word) + " inside other words too, such as " +
                    in_quotes(example) + "; anchor it: " + in_quotes(put(subject.anchors, word)));
  }
  if (!found.empty()) return found;
  PatternTexts reached;
  for (const std::string& everyday : subject.everyday) {
    if (re2::RE2::PartialMatch(everyday, pattern)) reached.push_back(everyday);
  }
  if (reached.size() < kTooMany) return found;
  const std::string count = std::to_string(reached.size());
  reached.resize(kTooMany);
  found.push_back("is too wide: it matches " + count + " everyday texts, such as " + one_of(reached) + "; narrow it");
  return found;
}

bool holds_upper_case(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\')
      ++i;  // \D, \pL: letters of the syntax
    else if (pattern[i] >= 'A' && pattern[i] <= 'Z')
      return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> doubts_of_pattern(std::string_view re2, Where where) {
  std::vector<std::string> found = doubts(re2, subject_of(where));
  if (where == Where::host && holds_upper_case(re2) && re2.find("(?i") == std::string_view::npos) {
    found.emplace_back("holds a capital letter and cannot match it: hosts are lower case; write lower case");
  }
  return found;
}

std::vector<std::string> doubts_of_search(std::string_view re2) {
  return doubts(re2, {copy(kEverydaySearches), {"@", "a @ b"}, "\\b@\\b"});
}

}  // namespace fairlead::rules::catalog
