// The index and a plain scan of every rule say the same, on generated rules and URLs. The plain scan is written anew
// here, from the words of categories/README.md, and shares no code with the index but RE2 and the URL itself.

#include <doctest/doctest.h>

#include <random>
#include <set>

#include <re2/re2.h>

#include "catalogs.hpp"
#include "rules/base/text.hpp"
#include "tests/unit/rounds.hpp"

namespace fairlead::rules::match {
namespace {

using catalog::Where;

class ScanDice {
 public:
  explicit ScanDice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_); }
  template <class List>
  const auto& one_of(const List& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string> kWords = {"casino", "bet",  "free", "spins", "royal", "sex",
                                         "essex",  "porn", "a",    "xx",    "kill",  "help"};
const std::vector<std::string> kTails = {"example", "org", "co.uk", "com"};

std::string pattern_text(ScanDice& dice) {
  switch (dice.below(13)) {
    case 0:
      return R"((^|\.)[a-z0-9-]*)" + dice.one_of(kWords) + R"([a-z0-9-]*\.)";
    case 1:
      return R"(\b()" + dice.one_of(kWords) + "|" + dice.one_of(kWords) + R"()\b)";
    case 2:
      return dice.one_of(kWords) + "[ /-]" + dice.one_of(kWords);
    case 3:
      return "^/" + dice.one_of(kWords) + "(/|$)";
    case 4:
      return dice.one_of(kWords) + ".*" + dice.one_of(kWords);
    case 5:
      return "[0-9]{3}";
    case 6:
      return "(" + dice.one_of(kWords) + ")?-" + dice.one_of(kWords) + "[0-9]";
    case 7:
      return "^https?://[^/]*" + dice.one_of(kWords) + "[^?]*/" + dice.one_of(kWords);
    case 8:
      return R"((^|[.-]))" + dice.one_of(kWords) + "-?" + dice.one_of(kWords) + R"(?([.-]|$))";
    case 9:
      return "(" + dice.one_of(kTails) + "|" + dice.one_of(kWords) + ")[/?].?" + dice.one_of(kWords) + "s?";
    case 10:
      return "[^a-z]" + dice.one_of(kWords) + "{1,2}[^a-z]";
    case 11:
      return "(" + dice.one_of(kWords) + "|" + dice.one_of(kWords) + ")$";
    default:
      return dice.one_of(kWords) + "=" + dice.one_of(kWords) + "( |&|$)";
  }
}

std::string host_text(ScanDice& dice) {
  std::string host;
  for (std::size_t labels = 1 + dice.below(2); labels > 0; --labels) {
    host += dice.one_of(kWords);
    if (dice.below(3) == 0) host += "-" + dice.one_of(kWords);
    if (dice.below(4) == 0) host += std::to_string(dice.below(999));
    host += ".";
  }
  return host + dice.one_of(kTails);
}

std::string path_text(ScanDice& dice) {
  static const std::vector<std::string> kJoins = {"/",     "/", "//",  "/x/../", "/./", "%2F",
                                                  ";v=1/", "-", "%20", "+",      "%3F", "/%63"};
  std::string path = "/";
  for (std::size_t parts = dice.below(4); parts > 0; --parts) path += dice.one_of(kWords) + dice.one_of(kJoins);
  return path + dice.one_of(kWords);
}

catalog::RuleLists rules(ScanDice& dice) {
  catalog::RuleLists lists;
  for (std::size_t i = dice.below(4); i > 0; --i) lists.hosts.push_back({host_text(dice), {}});
  for (std::size_t i = dice.below(4); i > 0; --i)
    lists.paths.push_back({host_text(dice), "/" + dice.one_of(kWords), {}});
  for (std::size_t i = dice.below(12); i > 0; --i) {
    const auto where = static_cast<Where>(dice.below(4));
    lists.patterns.push_back({"p" + std::to_string(i), pattern_text(dice), where, "", {}});
  }
  return lists;
}

std::string url_text(ScanDice& dice, const catalog::Catalog& catalog) {
  std::string host = host_text(dice);
  const catalog::RuleLists& some = dice.one_of(catalog.categories).block;
  if (!some.hosts.empty() && dice.below(3) == 0)
    host = (dice.below(2) == 0 ? "www." : "") + dice.one_of(some.hosts).host;
  if (!some.paths.empty() && dice.below(3) == 0) host = dice.one_of(some.paths).host;
  std::string url = (dice.below(2) == 0 ? "https://" : "http://") + host + path_text(dice);
  if (dice.below(2) == 0)
    url += "?" + dice.one_of(kWords) + "=" + dice.one_of(kWords) + (dice.below(2) == 0 ? "+" : "%20") + "free";
  return url;
}

// ---- the plain scan

bool path_holds(std::string_view path, std::string_view rule, bool any_case) {
  if (path.size() < rule.size()) return false;
  if (path.size() > rule.size() && path[rule.size()] != '/') return false;
  return any_case ? text::equals_ignoring_case(path.substr(0, rule.size()), rule) : path.substr(0, rule.size()) == rule;
}

bool pattern_holds(const catalog::PatternRule& rule, const url::CanonicalUrl& url, bool block) {
  re2::RE2::Options options;
  options.set_case_sensitive(rule.where == Where::host);
  const re2::RE2 re2(rule.re2, options);
  REQUIRE(re2.ok());
  const std::string front(url.href().substr(0, url.href().find(url.path_and_query(), url.href().find("://") + 3)));
  const std::string words(url.words());
  std::size_t split = std::string::npos;  // the '?' before the query: as many stand before it as the path hides
  if (!url.query().empty()) {
    const std::string path(url.path());
    std::size_t hidden = 0;
    for (std::size_t at = path.find("%3F"); at != std::string::npos; at = path.find("%3F", at + 1)) ++hidden;
    split = words.find('?');
    for (; hidden > 0; --hidden) split = words.find('?', split + 1);
  }
  std::vector<std::string> readings;
  if (rule.where == Where::host) readings = {std::string(url.host())};
  if (rule.where == Where::path) readings = {std::string(url.path()), words.substr(0, split)};
  if (rule.where == Where::path && block) readings.emplace_back(url.origin_path());
  if (rule.where == Where::query) {
    readings = {std::string(url.query()), split == std::string::npos ? "" : words.substr(split + 1)};
  }
  if (rule.where == Where::url) {
    readings = {std::string(url.href()), front + words};
    const std::string query = url.query().empty() ? "" : "?" + std::string(url.query());
    if (block) readings.push_back(front + std::string(url.origin_path()) + query);
  }
  return std::any_of(readings.begin(), readings.end(),
                     [&](const std::string& reading) { return re2::RE2::PartialMatch(reading, re2); });
}

void scan(const catalog::RuleLists& lists, const std::string& prefix, bool block, const url::CanonicalUrl& url,
          std::set<std::string>& found) {
  for (const auto& rule : lists.hosts) {
    if (text::is_host_or_below(url.host(), rule.host)) found.insert(prefix + rule.host);
  }
  for (const auto& rule : lists.paths) {
    if (!text::is_host_or_below(url.host(), rule.host)) continue;
    const bool written = path_holds(url.path(), rule.path, block),
               origin = path_holds(url.origin_path(), rule.path, block);
    if (block ? written || origin : written && origin) found.insert(prefix + rule.host + rule.path);
  }
  for (const auto& rule : lists.patterns) {
    if (pattern_holds(rule, url, block)) found.insert(prefix + rule.id);
  }
}

TEST_CASE("Ruleset: the index and a plain scan of every rule find the same") {
  int compared = 0, matched = 0;
  for (int seed = 1; seed <= rounds(40); ++seed) {
    CAPTURE(seed);
    ScanDice dice(static_cast<unsigned>(seed));
    catalog::Catalog catalog = test::catalog_of({});
    for (int i = 0; i < 4; ++i) {
      catalog.categories.push_back(test::category("c" + std::to_string(i)));
      catalog.categories.back().block = rules(dice);
      catalog.categories.back().allow = rules(dice);
    }
    std::vector<catalog::Problem> problems;
    const auto ruleset = test::build(catalog, problems);
    REQUIRE(ruleset);
    for (int i = 0; i < 100; ++i) {
      const std::string text = url_text(dice, catalog);
      url::CanonicalUrl url;
      if (!url.assign(text)) continue;
      CAPTURE(text);
      std::set<std::string> by_index, by_scan;
      Matches matches;
      ruleset->classify(url, matches);
      for (const Match& match : matches.found) {
        by_index.insert(catalog.categories[match.rule.category].id + (match.rule.part == Part::block ? "+" : "-") +
                        match.rule.name);
      }
      for (const catalog::Category& category : catalog.categories) {
        scan(category.block, category.id + "+", true, url, by_scan);
        scan(category.allow, category.id + "-", false, url, by_scan);
      }
      CHECK(by_index == by_scan);
      ++compared;
      matched += static_cast<int>(by_scan.size());
    }
  }
  CHECK(compared > rounds(3000));
  CHECK(matched > rounds(5000));  // the generated URLs are worth comparing
}

}  // namespace
}  // namespace fairlead::rules::match
