#include "rules/match/ruleset.hpp"

#include <doctest/doctest.h>

#include "catalogs.hpp"
#include "rules/match/names/hashed_names.hpp"

namespace fairlead::rules::match {
namespace {

using catalog::Where;
using test::catalog_of;
using test::category;
using test::Names;
using test::names;
using test::url_of;

std::unique_ptr<const Ruleset> build_ruleset(const catalog::Catalog& catalog,
                                             std::size_t budget = PatternIndex::kDefaultBudget) {
  std::vector<catalog::Problem> problems;
  auto ruleset = test::build(catalog, problems, budget);
  REQUIRE(problems.empty());
  return ruleset;
}

catalog::Catalog with_pattern(std::string re2, Where where, Part part = Part::block) {
  catalog::Category one = category("one");
  (part == Part::block ? one.block : one.allow).patterns = {{"p", std::move(re2), where, "why", {0, 9, 3}}};
  return catalog_of({std::move(one)});
}

bool pattern_finds(std::string re2, Where where, std::string_view url, Part part = Part::block) {
  const catalog::Catalog catalog = with_pattern(std::move(re2), where, part);
  return !names(*build_ruleset(catalog), url).empty();
}

TEST_CASE("Ruleset: a host rule stands for the host and all below it") {
  catalog::Category one = category("one");
  one.block.hosts = {{"bet365.com", {}}, {"127.0.0.77", {}}};
  const catalog::Catalog catalog = catalog_of({one});
  const auto ruleset = build_ruleset(catalog);
  CHECK(names(*ruleset, "https://bet365.com/") == Names{"host bet365.com"});
  CHECK(names(*ruleset, "https://www.bet365.com/x") == Names{"parent_host bet365.com"});
  CHECK(names(*ruleset, "https://mybet365.com/").empty());
  CHECK(names(*ruleset, "https://bet365.com.example/").empty());
  CHECK(names(*ruleset, "http://0x7f00004d/") == Names{"host 127.0.0.77"});
  CHECK(names(*ruleset, "http://1.127.0.0.77.example/").empty());
}

TEST_CASE("Ruleset: a hashed host stands for the host and all below it") {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest_of_name("bad.example")) hex += {kHex[byte / 16], kHex[byte % 16]};
  catalog::Category one = category("one");
  one.block.hashed_hosts = {{hex, {}}};
  const catalog::Catalog catalog = catalog_of({one});
  const auto ruleset = build_ruleset(catalog);
  CHECK(names(*ruleset, "https://bad.example/") == Names{"hashed_host " + hex});
  CHECK(names(*ruleset, "https://www.bad.example/") == Names{"hashed_host " + hex});
  CHECK(names(*ruleset, "https://notbad.example/").empty());
  Matches whole, below;
  ruleset->classify(url_of("https://bad.example/"), whole);
  ruleset->classify(url_of("https://www.bad.example/"), below);
  CHECK(whole.found[0].exactness > below.found[0].exactness);
}

TEST_CASE("Ruleset: a path rule holds below its host, at a path boundary") {
  catalog::Category one = category("one");
  one.block.paths = {{"example.org", "/casino", {}}};
  const catalog::Catalog catalog = catalog_of({one});
  const auto ruleset = build_ruleset(catalog);
  CHECK(names(*ruleset, "https://www.example.org/casino/x") == Names{"path example.org/casino"});
  CHECK(names(*ruleset, "https://example.org//casino") == Names{"path example.org/casino"});
  CHECK(names(*ruleset, "https://example.org/casinos").empty());
  CHECK(names(*ruleset, "https://other.org/casino").empty());
}

TEST_CASE("Ruleset: a pattern looks at its own part of the URL") {
  const std::string_view in_path = "https://a.example/needle", in_query = "https://a.example/x?needle",
                         in_host = "https://needle.example/x";
  CHECK(pattern_finds("needle", Where::host, in_host));
  CHECK_FALSE(pattern_finds("needle", Where::host, in_path));
  CHECK(pattern_finds("needle", Where::path, in_path));
  CHECK_FALSE(pattern_finds("needle", Where::path, in_host));
  CHECK_FALSE(pattern_finds("needle", Where::path, in_query));
  CHECK(pattern_finds("needle", Where::query, in_query));
  CHECK_FALSE(pattern_finds("needle", Where::query, in_path));
  for (const std::string_view url : {in_path, in_query, in_host}) CHECK(pattern_finds("needle", Where::url, url));
  CHECK(pattern_finds("^https://a\\.example/needle$", Where::url, in_path));
}

TEST_CASE("Ruleset: a pattern sees a text as it is sent and decoded") {
  CHECK(pattern_finds("royal casino", Where::path, "https://a.example/Royal%20Casino"));
  CHECK(pattern_finds("royal%20casino", Where::path, "https://a.example/Royal%20Casino"));
  CHECK(pattern_finds("royal casino", Where::query, "https://a.example/?q=royal+casino"));
  CHECK(pattern_finds("casino", Where::query, "https://a.example/?q=%63%61sino"));
  CHECK(pattern_finds("^https://a\\.example/x\\?q=royal casino$", Where::url, "https://a.example/x?q=royal+casino"));
  CHECK_FALSE(pattern_finds("casino", Where::query, "https://a.example/%63asino?x=%20"));
  CHECK_FALSE(pattern_finds("casino", Where::path, "https://a.example/a%3Fb?casino=%20"));
  CHECK(pattern_finds("casino", Where::query, "https://a.example/a%3Fb?%63asino"));
}

TEST_CASE("Ruleset: a block pattern on a path sees what a lenient origin would read, an allow pattern does not") {
  CHECK(pattern_finds("^/casino/", Where::path, "https://a.example//casino/x"));
  CHECK(pattern_finds("^/casino/", Where::path, "https://a.example/casino;v=1/x"));
  CHECK(pattern_finds("^https://a\\.example/casino/x\\?y", Where::url, "https://a.example//casino/x?y"));
  CHECK_FALSE(pattern_finds("^/casino/", Where::path, "https://a.example//casino/x", Part::allow));
}

TEST_CASE("Ruleset: a literal is found across the place where two texts are joined to one reading") {
  CHECK(pattern_finds("a\\.example/b c", Where::url, "https://a.example/b%20c"));
  CHECK(pattern_finds("a\\.example/casino", Where::url, "https://a.example//casino"));
  CHECK(pattern_finds("/casino\\?free=1", Where::url, "https://a.example/casino;v=1?free=1"));
}

TEST_CASE("Ruleset: what stands beside a literal in one reading is not held against another") {
  CHECK(pattern_finds("[a-z]{3}[^a-z]qzneedle", Where::url, "https://a.example/bcd;v=1?qzneedle"));
  CHECK(pattern_finds("qzneedle[.]example/[a-z]{3}", Where::url, "https://qzneedle.example/%61bc"));
  CHECK(pattern_finds("^/qzneedle", Where::path, "https://a.example/qzneedle"));
  CHECK(pattern_finds("qzneedle$", Where::path, "https://a.example/qzneedle?q=1"));
  CHECK(pattern_finds("^qzneedle$", Where::host, "https://qzneedle:8443/"));
  CHECK(pattern_finds("^qzneedle$", Where::query, "https://a.example/?qzneedle"));
}

TEST_CASE("Ruleset: letters beyond ASCII that fold to ASCII do not slip through the filter") {
  CHECK(pattern_finds("\\bbookie", Where::query, "https://a.example/?q=boo%E2%84%AAie"));
  CHECK(pattern_finds("casino", Where::path, "https://a.example/ca%C5%BFino"));
}

TEST_CASE("Ruleset: a match tells rule, span and place") {
  const catalog::Catalog catalog = with_pattern("cas[i1]no", Where::host);
  const auto ruleset = build_ruleset(catalog);
  Matches matches;
  ruleset->classify(url_of("https://royal-cas1no.example/"), matches);
  REQUIRE(matches.found.size() == 1);
  CHECK(matches.found[0].span == "cas1no");
  CHECK(matches.found[0].rule.pattern == "cas[i1]no");
  CHECK(matches.found[0].rule.because == "why");
  CHECK(matches.found[0].rule.line == 9);
}

TEST_CASE("Ruleset: search words are folded and judged value by value") {
  catalog::Category one = category("one");
  one.block.searches = {{"spins", R"(\bfree (bets?|spins)\b)", {}}};
  catalog::Catalog catalog = catalog_of({one});
  catalog.search_engines = {{"Google", {"google.{}"}, {"/search"}, {"q"}, {}}};
  const auto ruleset = build_ruleset(catalog);
  CHECK(names(*ruleset, "https://www.google.co.uk/search?q=FREE++spins+today") == Names{"search spins"});
  CHECK(names(*ruleset, "https://www.google.co.uk/search?q=roof&q=free%20bet") == Names{"search spins"});
  CHECK(names(*ruleset, "https://www.google.co.uk/search?q=free+spinster").empty());
  CHECK(names(*ruleset, "https://www.google.co.uk/search?oq=free+spins").empty());
  CHECK(names(*ruleset, "https://shop.example/search?q=free+spins").empty());
  Matches matches;
  ruleset->classify(url_of("https://google.de/search?q=Free+Spins+today"), matches);
  REQUIRE(matches.found.size() == 1);
  CHECK(matches.found[0].words == "free spins today");
  CHECK(matches.found[0].span == "free spins");
}

TEST_CASE("Ruleset: every refused pattern is named by file, line and column") {
  catalog::Category one = category("one");
  one.block.patterns = {{"bad", "(", Where::host, "", {0, 4, 7}}, {"good", "good", Where::host, "", {0, 5, 7}}};
  one.block.searches = {{"huge", "(a{1000}){1000}", {0, 6, 7}}};
  const catalog::Catalog catalog = catalog_of({one});
  std::vector<catalog::Problem> problems;
  CHECK(test::build(catalog, problems) == nullptr);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == "conduct/test.yaml");
  CHECK(problems[0].line == 4);
  CHECK(problems[0].column == 7);
  CHECK(problems[0].text.find("'bad'") != std::string::npos);
  CHECK(problems[1].text.find("'huge'") != std::string::npos);
}

TEST_CASE("Ruleset: what the budget does not reach is unclear, never a no") {
  catalog::Category one = category("one"), two = category("two");
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    one.block.patterns.push_back({"p" + number, "needle[0-9]x*(z" + number + ")?$", Where::path, "", {}});
  }
  two.allow.patterns = {{"q", "needle[0-9]x*$", Where::path, "", {}}};
  const catalog::Catalog catalog = catalog_of({one, two});
  const auto ruleset = build_ruleset(catalog, 30000);
  Matches matches;
  ruleset->classify(url_of("https://a.example/needle1"), matches);
  CHECK(matches.found.size() == 41);
  CHECK(matches.unclear.empty());
  ruleset->classify(url_of("https://a.example/needle1" + std::string(2000, 'x') + "y"), matches);
  CHECK(matches.found.empty());
  CHECK(matches.unclear == std::vector<std::uint16_t>{0});  // what could not be allowed is no reason to block
}

TEST_CASE("Ruleset: a pattern that catastrophic backtracking would hang on answers at once") {
  const std::string text = "https://a.example/" + std::string(60000, 'a');
  CHECK_FALSE(pattern_finds("(a+)+(a+)+(a+)+needle", Where::path, text));
  CHECK(pattern_finds("(a+)+(a+)+(a+)+needle", Where::path, text + "needle"));
}

}  // namespace
}  // namespace fairlead::rules::match
