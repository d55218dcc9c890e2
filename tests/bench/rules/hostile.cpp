// Row 9: addresses made to be slow, against everything at once.

#include <algorithm>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "rules/catalog/load.hpp"
#include "tests/bench/rules/filter_lines.hpp"
#include "tests/bench/rules/material.hpp"
#include "tests/bench/rules/pattern_file.hpp"

namespace fairlead::bench {
namespace {

constexpr std::size_t kLong = 8 << 10, kLongest = (64 << 10) - 100;

struct Attack {
  std::string name, url;
};

std::string repeated(const std::string& text, std::size_t size) {
  std::string out;
  while (out.size() + text.size() <= size) out += text;
  return out;
}

/// Pieces one after another until there is no room.
std::string joined(const std::vector<std::string>& pieces, std::size_t first, std::size_t size) {
  std::string out;
  for (std::size_t i = first; i < pieces.size() && out.size() + pieces[i].size() < size; ++i) out += pieces[i];
  return out;
}

/// texts  of filters, between their anchors
std::vector<Attack> make_attacks(const std::vector<std::string>& texts, const std::vector<std::string>& words) {
  std::mt19937_64 turn(9);
  const auto random_path = [&](std::size_t size) {
    std::string path;
    while (path.size() < size) path += static_cast<char>(turn() % 9 == 0 ? '/' : 'a' + turn() % 26);
    return path;
  };
  const auto dashed = [&](std::size_t size) {
    std::string path;
    while (path.size() < size) path += words[turn() % words.size()] + (turn() % 3 == 0 ? "/" : "-");
    return path;
  };
  std::vector<std::string> pieces = texts;
  std::shuffle(pieces.begin(), pieces.end(), turn);
  const std::string site = "https://www.example.org/";
  std::vector<Attack> attacks{
      {"127 labels", "https://" + repeated("a.", 252) + "a/"},
      {"127 labels, path of 8 KiB", "https://" + repeated("b.", 252) + "c/" + random_path(kLong)},
      {"letters, 8 KiB", site + random_path(kLong)},
      {"one letter, 8 KiB", site + repeated("a", kLong)},
      {"slashes, 8 KiB", site + repeated("/", kLong)},
      {"path pieces, 8 KiB", site + repeated("a/", kLong)},
      {"query pieces, 8 KiB", site + "?" + repeated("a=b&", kLong)},
      {"dots and slashes, 8 KiB", site + repeated("./", kLong)},
      {"percent escapes, 8 KiB", site + repeated("%61%2f", kLong)},
      {"percent of percent, 8 KiB", site + repeated("%2525", kLong)},
      {"percent escapes beyond ASCII, 8 KiB", site + repeated("%e2%84%aa", kLong)},
      {"words of patterns, 2 KiB", site + dashed(2 << 10)},
      {"words of patterns, 8 KiB", site + dashed(kLong)},
      {"hosts in a path, 8 KiB", site + repeated("www.casino-poker.com/", kLong)},
      {"search, 8 KiB", "https://www.google.com/search?q=" + repeated("how+to+buy+", kLong)},
      {"letters, 64 KiB", site + random_path(kLongest)},
  };
  for (std::size_t first = 0; first < 3; ++first) {
    attacks.push_back({"filters' own texts, 8 KiB", site + joined(pieces, first * pieces.size() / 4, kLong)});
    attacks.push_back({"a literal repeated, 8 KiB", site + repeated(pieces[first], kLong)});
    attacks.push_back({"a literal repeated, 64 KiB", site + repeated(pieces[first], kLongest)});
  }
  attacks.push_back({"filters' own texts, 64 KiB", site + joined(pieces, 0, kLongest)});
  attacks.push_back({"words of patterns, 64 KiB", site + dashed(kLongest)});
  attacks.push_back({"/ads/ repeated, 64 KiB", site + repeated("/ads/", kLongest)});
  return attacks;
}

double best_of(int rounds, const std::function<void()>& run) {
  double best = 1e18;
  for (int round = 0; round < rounds; ++round) {
    const auto start = Clock::now();
    run();
    best = std::min(best, nanoseconds_since(start));
  }
  return best;
}

}  // namespace

/// hostile CATEGORIES PATTERNS FILTERS WORDS LIST ...
void match_hostile(const Arguments& arguments) {
  Lists lists;
  lists.catalog = rules::catalog::load_folder(arguments.at(0)).catalog;
  lists.catalog.lists.clear();
  for (rules::catalog::Category& category : lists.catalog.categories) category.lists.clear();
  add_patterns(lists, read_patterns(arguments.at(1)), arguments.at(2));
  for (std::size_t i = 4; i < arguments.size(); ++i) {
    add_list(lists, "list-" + std::to_string(i), rules::catalog::ListFormat::adblock, arguments[i]);
  }
  std::vector<std::string> texts;
  each_filter(read_file(arguments.at(2)), [&](const rules::catalog::Filter& filter, std::uint32_t) {
    texts.push_back(filter.pattern);
    std::replace(texts.back().begin(), texts.back().end(), '^', '/');
    std::replace(texts.back().begin(), texts.back().end(), '*', 'x');
  });
  const auto ruleset = open_ruleset(compile(lists).to_memory(), lists.catalog);
  constexpr int kRounds = 25;
  nlohmann::json attacks = nlohmann::json::array();
  for (const Attack& attack : make_attacks(texts, read_lines(arguments.at(3)))) {
    rules::url::CanonicalUrl url;
    rules::match::Matches matches;
    const bool read = url.assign(attack.url).has_value();
    const double parsing = best_of(kRounds, [&] { (void)url.assign(attack.url); });
    const double judging = read ? best_of(kRounds, [&] { ruleset->classify(url, matches); }) : 0;
    attacks.push_back({{"name", attack.name},
                       {"bytes", attack.url.size()},
                       {"refused", !read},
                       {"parse_us", parsing / 1e3},
                       {"us", judging / 1e3},
                       {"matches", matches.found.size()},
                       {"unclear", matches.unclear.size()}});
  }
  std::cout << nlohmann::json{{"patterns", ruleset->size().patterns}, {"attacks", attacks}} << '\n';
}

}  // namespace fairlead::bench
