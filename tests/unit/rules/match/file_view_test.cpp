// A damaged ruleset is an error, or says so before it decides anything by what is damaged.

#include "rules/match/file/file_view.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "lists.hpp"

namespace fairlead::rules::match {
namespace {

using Bytes = std::vector<std::byte>;

FileBytes file_of(const Bytes& bytes) {
  auto kept = std::make_shared<Bytes>(bytes);
  return {std::span<const std::byte>(*kept), kept};
}

/// Enough of everything for several pages in most sections.
test::Compiled sample() {
  std::string names, filters = "||t.example^$third-party,domain=a.example\n@@/good/\n";
  for (int i = 0; i < 4000; ++i) {
    names += "n" + std::to_string(i * 7919 % 10007) + ".casino" + std::to_string(i % 13) + ".example\n";
    if (i < 300) filters += "/word" + std::to_string(i) + "-*.js\n";
  }
  catalog::Category own = test::category("a");
  own.block.paths.push_back({"site.example", "/casino", {0, 3, 1}});
  own.block.patterns.push_back({"p", "roulette[0-9]", catalog::Where::url, "", {0, 4, 1}});
  return test::Compiled({own}, {{"list", names, catalog::ListFormat::domains, {"a"}},
                                {"filters", filters, catalog::ListFormat::adblock, {"a"}}});
}

const std::vector<std::string> kUrls = {
    "https://n7919.casino1.example/", "https://www.n5.casino9.example/x", "https://t.example/",
    "https://x.example/word17-a.js",  "https://site.example/casino/1",    "https://x.example/roulette7",
    "https://nothing.example/at/all"};

std::string answers(const Ruleset& ruleset) {
  std::string all;
  for (const std::string& url : kUrls) {
    Matches matches;
    ruleset.classify(test::url_of(url), matches, {"www.a.example", {}});
    for (const Match& match : matches.found) all += match.rule.name + "@" + std::to_string(match.rule.line) + ",";
    all += ";";
  }
  return all;
}

TEST_CASE("FileView: a flipped bit anywhere is refused, told, or changes no answer") {
  const test::Compiled good = sample();
  const Bytes bytes(good.bytes.bytes.begin(), good.bytes.bytes.end());
  const std::string right = answers(*good.ruleset);
  CHECK(right.find("casino") != std::string::npos);
  std::mt19937 random(11);
  int refused = 0, told = 0, same = 0;
  for (int i = 0; i < 3000; ++i) {
    Bytes bad = bytes;
    bad[random() % bad.size()] ^= std::byte{1} << (random() % 8);
    const auto opened = Ruleset::open(file_of(bad), good.catalog);
    if (!opened) {
      ++refused;
      continue;
    }
    const std::string got = answers(**opened);
    if ((*opened)->damaged()) {
      ++told;
    } else {
      CHECK(got == right);
      ++same;
    }
  }
  CHECK(refused > 0);
  CHECK(told > 0);
  CHECK(same > 0);
}

TEST_CASE("FileView: from the moment damage is found, every category is unclear") {
  const test::Compiled good = sample();
  Bytes bad(good.bytes.bytes.begin(), good.bytes.bytes.end());
  const auto view = std::move(FileView::open(good.bytes).value());
  const auto blocks = view->records<std::byte>(section_at(Section::hosts, NameSection::blocks));
  const auto begin = static_cast<std::size_t>(blocks.data() - good.bytes.bytes.data());
  for (std::size_t i = begin; i < begin + blocks.size(); i += 64) bad[i] ^= std::byte{0xFF};
  const auto opened = Ruleset::open(file_of(bad), good.catalog);
  REQUIRE(opened);
  CHECK_FALSE((*opened)->damaged());
  Matches matches;
  (*opened)->classify(test::url_of(kUrls[0]), matches);
  CHECK((*opened)->damaged());
  CHECK(matches.unclear == std::vector<std::uint16_t>{0});
  (*opened)->classify(test::url_of("https://nothing.example/"), matches);
  CHECK(matches.unclear == std::vector<std::uint16_t>{0});
}

TEST_CASE("FileView: files that were cut, or are something else, are refused") {
  const test::Compiled good = sample();
  const Bytes bytes(good.bytes.bytes.begin(), good.bytes.bytes.end());
  for (std::size_t size = 0; size < bytes.size(); size += 997) {
    CHECK_FALSE(FileView::open(file_of(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)))));
  }
  CHECK_FALSE(FileView::open(file_of(Bytes(100000, std::byte{'x'}))));
  Bytes newer = bytes;
  newer[8] = std::byte{kFormatVersion + 1};
  const auto opened = FileView::open(file_of(newer));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().context.find("another version") != std::string::npos);
}

TEST_CASE("FileView: verify reads all of it") {
  const test::Compiled good = sample();
  CHECK(std::move(FileView::open(good.bytes).value())->verify());
  Bytes bad(good.bytes.bytes.begin(), good.bytes.bytes.end());
  bad[bad.size() - 200] ^= std::byte{4};
  const auto opened = FileView::open(file_of(bad));
  REQUIRE(opened);
  CHECK_FALSE((*opened)->verify());
}

TEST_CASE("compile: the same rules give the same bytes") {
  const test::Compiled one = sample(), other = sample();
  CHECK(std::equal(one.bytes.bytes.begin(), one.bytes.bytes.end(), other.bytes.bytes.begin(), other.bytes.bytes.end()));
}

}  // namespace
}  // namespace fairlead::rules::match
