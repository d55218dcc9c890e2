#include "rules/catalog/lint.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;

namespace {

/// What lint says about the good folder with `block` (and `allow`) instead of gambling's own, without the lines on
/// tests.
std::string linted(const std::string& block, const std::string& allow = "{}") {
  good::Files files = good::files();
  files.front().second = "category: gambling\ntitle: G\nrisk: conduct\nseverity: low\nsays: S\nblock: " + block +
                         "\nallow: " + allow + "\ntests: {}\n";
  const Loaded loaded = load_texts(files);
  for (const Problem& problem : loaded.problems) {
    const bool is_warning = problem.kind == Problem::Kind::warning;
    REQUIRE_MESSAGE(is_warning, to_string(problem));
  }
  std::string lines;
  for (const Problem& problem : lint(loaded.catalog)) {
    if (problem.text.find("addresses in") == std::string::npos) lines += to_string(problem) + "\n";
  }
  return lines;
}

std::string pattern(std::string_view re2, std::string_view where) {
  return linted("{patterns: [{id: p, re2: '" + std::string(re2) + "', in: " + std::string(where) + ", because: b}]}");
}

std::string search(std::string_view re2) { return linted("{searches: [{id: s, re2: '" + std::string(re2) + "'}]}"); }

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("lint: well-made rules pass") {
  CHECK(linted("{hosts: [bet365.com], paths: [example.org/casino]}") == "");
  CHECK(pattern(R"((^|\.)[a-z0-9-]*casino[a-z0-9-]*\.)", "host") == "");
  CHECK(pattern(R"((^|[.-])bet([.-]|$))", "host") == "");
  CHECK(pattern(R"((^|[.-])(bet|slot|odds)s?[0-9]*([.-]|$))", "host") == "");
  CHECK(pattern(R"(/\d+/(casino|roulette)\b)", "path") == "");
  CHECK(search(R"(\bfree (bets?|spins)\b)") == "");
}

TEST_CASE("lint: a short word without anchors is shown inside another word") {
  CHECK(
      pattern("bet", "host") ==
      "conduct/gambling.yaml:6:20: warning: the pattern 'p' finds the short word 'bet' inside other words too, such as "
      "'zzbetzz.com'; anchor it: '(^|[.-])bet([.-]|$)'\n");
  CHECK(holds(pattern("casino|slot", "host"), "the short word 'slot'"));
  CHECK(holds(pattern(R"(bet\d+)", "host"), "such as 'zzbet1zz.com'"));
  CHECK(holds(pattern(R"((^|\.)bet)", "host"), "such as 'betzz.com'"));
  CHECK(holds(pattern("(?i)BET", "host"), "the short word 'bet'"));
  CHECK(holds(pattern("bet", "path"), R"(anchor it: '\bbet\b')"));
  CHECK(holds(pattern("bet", "query"), "the short word 'bet'"));
  CHECK(holds(pattern("bet", "url"), "the short word 'bet'"));
  CHECK(holds(search("bets?"), "the search 's' finds the short word"));
}

TEST_CASE("lint: a short word that counts only beside a long one is no doubt") {
  CHECK(pattern("bet[a-z]*casino", "host") == "");
  CHECK(pattern("porn", "host") == "");
}

TEST_CASE("lint: a pattern that matches everyday texts is too wide") {
  CHECK(holds(pattern("[a-z]+", "host"), "is too wide: it matches"));
  CHECK(holds(pattern(R"(\.example$)", "host"), "is too wide: it matches"));
  CHECK(holds(pattern("^/", "path"), "is too wide: it matches"));
  CHECK(holds(search("[a-z]* for"), "is too wide: it matches"));
}

TEST_CASE("lint: an exemption may be as wide as everyday life") {
  CHECK(linted("{}", "{patterns: [{id: p, re2: 'essex|sussex|middlesex', in: host, because: b}]}") == "");
}

TEST_CASE("lint: capital letters never match a host") {
  CHECK(holds(pattern("Casino", "host"), "holds a capital letter"));
  CHECK(pattern("Casino", "path") == "");
  CHECK(pattern(R"((^|\.)roulette\D)", "host") == "");
}

TEST_CASE("lint: a pattern without a reason is an error") {
  CHECK(linted("{patterns: [{id: p, re2: casino, in: host}]}") ==
        "conduct/gambling.yaml:6:20: error: the pattern 'p' does not say why it is there; add 'because'\n");
}

TEST_CASE("lint: hosts that stand for too much or too little") {
  CHECK(holds(linted("{hosts: [github.io]}"), "'github.io' is too wide"));
  CHECK(linted("{hosts: [someone.github.io]}") == "");
  CHECK(holds(linted("{hosts: [www.bet365.com]}"), "leaves 'bet365.com' and the rest of it open; write 'bet365.com'"));
}

TEST_CASE("lint: rules said twice") {
  CHECK(linted("{hosts: [bet365.com, BET365.com.]}") ==
        "conduct/gambling.yaml:6:29: warning: the host 'bet365.com' is there already (conduct/gambling.yaml:6); delete "
        "one\n");
  CHECK(holds(linted("{paths: [example.org/a, example.org/a/]}"), "the path 'example.org/a' is there already"));
  CHECK(holds(
      linted("{patterns: [{id: a, re2: casino, in: host, because: b}, {id: b, re2: casino, in: host, because: b}]}"),
      "the pattern in host 'casino' is there already"));
  CHECK(holds(linted("{searches: [{id: a, re2: roulette}, {id: b, re2: roulette}]}"),
              "the search 'roulette' is there already"));
  CHECK(holds(linted("{hosts: [bet365.com]}", "{hosts: [bet365.com]}"), "stands under 'block' too, and 'allow' wins"));
}

TEST_CASE("lint: a host in two categories is told of with the other place") {
  good::Files files = good::files();
  files.emplace_back(
      "conduct/games.yaml",
      "category: games\ntitle: G\nrisk: conduct\nseverity: low\nsays: S\nblock: {hosts: [bet365.com]}\ntests: {}\n");
  for (auto& [name, text] : files) {
    if (name == "policy.yaml") {
      text.replace(text.find("gambling: observe"), 17, "gambling: observe, games: block");
      text.replace(text.find("      gambling: {"), 17, "      games: block\n      gambling: {");
    }
  }
  const Loaded loaded = load_texts(files);
  REQUIRE(loaded.usable());
  std::string lines;
  for (const Problem& problem : lint(loaded.catalog)) lines += to_string(problem) + "\n";
  CHECK(holds(
      lines,
      "conduct/games.yaml:6:17: warning: the host 'bet365.com' is there already (conduct/gambling.yaml:12); keep it in "
      "the category it belongs to"));
}

TEST_CASE("lint: a rule below another of the same category says nothing new, unless an exemption stands between") {
  CHECK(holds(linted("{hosts: [example.org, a.b.example.org]}"),
              "'a.b.example.org' says nothing new: 'example.org' stands for it"));
  CHECK(linted("{hosts: [example.org, a.b.example.org]}", "{hosts: [b.example.org]}") == "");
  CHECK(linted("{hosts: [example.org, myexample.org]}") == "");
  CHECK(holds(linted("{hosts: [example.org], paths: [a.example.org/x/y]}"),
              "'a.example.org/x/y' says nothing new: 'example.org'"));
  CHECK(holds(linted("{paths: [example.org/x, example.org/x/y]}"),
              "'example.org/x/y' says nothing new: 'example.org/x'"));
  CHECK(linted("{paths: [example.org/x, example.org/xy]}") == "");
  CHECK(linted("{hosts: [example.org], paths: [example.org/x/y]}", "{paths: [example.org/x]}") == "");
}

TEST_CASE("lint: fewer than ten tests are told of, except where a statutory list is awaited") {
  std::string lines;
  for (const Problem& problem : lint(load_texts(good::files()).catalog)) lines += to_string(problem) + "\n";
  CHECK(lines ==
        "conduct/gambling.yaml:1:1: warning: there are 1 addresses in 'must_allow'; write at least 10\n"
        "conduct/gambling.yaml:1:1: warning: there are 2 addresses in 'must_block'; write at least 10\n");
}

TEST_CASE("lint: alerts that tell who it was, or where, are warned of") {
  std::string lines;
  const Loaded loaded =
      load_texts(good::with("policy.yaml", "includes: {device: false}", "includes: {person: true, host: true}"));
  REQUIRE(loaded.usable());
  for (const Problem& problem : lint(loaded.catalog)) lines += to_string(problem) + "\n";
  CHECK(holds(lines, "policy.yaml:48:22: warning: alerts tell the person's account name: mail is kept where the "));
  CHECK(holds(lines, "policy.yaml:48:34: warning: alerts tell the site that was asked for: mail is kept where the "));
}
