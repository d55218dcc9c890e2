// Makes the patterns of rows 3, 4, 7 and 9, the same ones every time. 30 in 100 are true expressions: first those of
// the shipped categories as they are, then eight forms modelled on them with words of real names and paths in them. The
// rest are plain filters: of EasyList and EasyPrivacy without their options (a fifth of all), `urls` entries of UT1 as
// "||host/path" (a quarter), and pieces of paths made of the same words.

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <unordered_set>

#include "rules/base/text.hpp"
#include "rules/catalog/load.hpp"
#include "rules/match/patterns/regex.hpp"
#include "tests/bench/rules/filter_lines.hpp"
#include "tests/bench/rules/pattern_file.hpp"

namespace fairlead::bench {
namespace {

using rules::catalog::Where;

class Words {
 public:
  explicit Words(std::vector<std::string> words) : words_(std::move(words)) {
    if (words_.empty()) give_up("no words to make patterns of");
  }
  std::size_t pick(std::size_t below) { return turn_() % below; }
  /// Puts a word in the place of every 'W', a number in that of every '#'.
  std::string fill(std::string_view form) {
    std::string out;
    for (const char c : form) {
      if (c == 'W') {
        out += words_[pick(words_.size())];
      } else if (c == '#') {
        out += std::to_string(pick(1000));
      } else {
        out += c;
      }
    }
    return out;
  }

 private:
  std::vector<std::string> words_;
  std::mt19937_64 turn_{30};
};

struct Form {
  Where where;
  std::string_view text;
};
constexpr std::array kExpressions{
    Form{Where::host, "(^|[.-])[a-z0-9]*(W-?(W|W|W)|W-?(W|W))[a-z]*([.-]|$)"},
    Form{Where::host, "(^|[.])(www-)?((best|buy|my|online|real|the)-?)*(W|W|W)s?-?(W|club|shop|store|uk)?[.]"},
    Form{Where::host, "(^|[.-])(W|W)-?W([.-]|$)|(^|[.])W-?W[a-z]*[.]"},
    Form{Where::path, "/(browse|c|category|p|products?|shop|tags?)/([^?]*/)?(W[-_]W|W[-_](W|W))s?(/|[.]html?$|$)"},
    Form{Where::path, "(^|[/_-])((W|W)[-_]for[-_]W|buy[-_](a[-_])?(W|W)[-_]W|how[-_]to[-_]W[-_]W)([/_.-]|$)"},
    Form{Where::query, "(^|&)(q|query|s|search)=[^&]*(W|W)([+ _-]|%20)(W|W)"},
    Form{Where::url, "^https?://[^/]*W[^/]*/([^?]*/)?(W|W)(/|[.]php)"},
    Form{Where::path, "\\b(W|W|W)[ _-]?(W|W)s?\\b"},
};
constexpr std::array<std::string_view, 8> kPieces{"/W-W/",  "/W/W/", "-W-W-",   "/W_W.",
                                                  "/W-W-W", "?W=W&", "/W/*/W-", "/W#/W"};

class Filters {
 public:
  /// Takes a line if it is one plain filter that says enough.
  void add(const std::string& line) {
    rules::catalog::Filter filter;
    std::size_t count = 0;
    const std::size_t others = each_filter(line, [&](rules::catalog::Filter found, std::uint32_t) {
      filter = std::move(found);
      ++count;
    });
    if (others != 0 || count != 1) return;
    const auto letters = std::count_if(filter.pattern.begin(), filter.pattern.end(), text::is_alnum);
    if (filter.exception || filter.asks_for_context() || !filter.re2.empty() || letters < 5) return;
    if (seen_.insert(line).second) lines.push_back(line);
  }
  /// Members of `from` spread evenly over it, until there are `count` more.
  template <class Make>
  void add_some(const std::vector<std::string>& from, std::size_t count, Make&& make) {
    const std::size_t enough = lines.size() + count;
    for (std::size_t step = std::max<std::size_t>(1, from.size() / std::max<std::size_t>(1, count)), first = 0;
         first < step; ++first) {
      for (std::size_t i = first; i < from.size(); i += step) {
        if (lines.size() == enough) return;
        add(make(from[i]));
      }
    }
  }

  std::vector<std::string> lines;

 private:
  std::unordered_set<std::string> seen_;
};

std::vector<std::string> make_expressions(std::size_t count, const std::string& categories, Words& words) {
  std::vector<std::string> lines;
  std::unordered_set<std::string> seen;
  const rules::match::GramShares shares;
  const auto add = [&](Where where, const std::string& re2) {
    if (lines.size() == count) return;
    const auto triggers = rules::match::examine(re2, where != Where::host, shares);
    const std::string line = std::string(to_string(where)) + "\t" + re2;
    if (triggers && seen.insert(line).second) lines.push_back(line);
  };
  for (const auto& category : rules::catalog::load_folder(categories).catalog.categories) {
    for (const auto* part : {&category.block, &category.allow}) {
      for (const auto& rule : part->patterns) add(rule.where, rule.re2);
    }
  }
  for (std::size_t i = 0; lines.size() < count; ++i) {
    const Form& form = kExpressions[i % kExpressions.size()];
    add(form.where, words.fill(form.text));
  }
  return lines;
}

void write_lines(const std::string& path, const std::vector<std::string>& lines) {
  std::ofstream out(path);
  for (const std::string& line : lines) out << line << '\n';
  if (!out.flush()) give_up(path + " cannot be written");
}

}  // namespace

/// make-patterns COUNT CATEGORIES WORDS UT1_URLS EASYLIST PATTERNS FILTERS
void make_patterns(const Arguments& arguments) {
  const std::size_t count = std::stoull(arguments.at(0));
  Words words(read_lines(arguments.at(2)));
  const auto expressions = make_expressions(count * 3 / 10, arguments.at(1), words);
  Filters filters;
  filters.add_some(read_lines(arguments.at(4)), count / 5,
                   [](const std::string& line) { return line.substr(0, line.find('$')); });
  const std::size_t of_easylist = filters.lines.size();
  filters.add_some(read_lines(arguments.at(3)), count / 4, [](const std::string& line) { return "||" + line; });
  const std::size_t of_ut1 = filters.lines.size() - of_easylist;
  for (std::size_t i = 0; filters.lines.size() + expressions.size() < count; ++i) {
    filters.add(words.fill(kPieces[i % kPieces.size()]));
  }
  write_lines(arguments.at(5), expressions);
  write_lines(arguments.at(6), filters.lines);
  std::cout << nlohmann::json{{"expressions", expressions.size()},
                              {"easylist", of_easylist},
                              {"ut1", of_ut1},
                              {"pieces", filters.lines.size() - of_easylist - of_ut1}}
            << '\n';
}

}  // namespace fairlead::bench
