#include "rules/match/patterns/gram_index.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/match/patterns/pattern_writer.hpp"

namespace fairlead::rules::match {
namespace {

/// An index of patterns that are literals each; their numbers count from 0.
struct Index {
  explicit Index(const std::vector<std::string>& literals) {
    GramShares shares;
    FileWriter out;
    PatternWriter writer(shares, out);
    for (const std::string& literal : literals) REQUIRE(writer.add_regex(literal, Subject::url, Part::block, {}));
    writer.finish(Section::url_patterns);
    out.seal();
    file = std::move(FileView::open(out.to_memory()).value());
    grams = std::make_unique<GramIndex>(*file, Section::url_patterns);
  }
  [[nodiscard]] std::set<std::uint32_t> hits(std::string_view text) const {
    std::set<std::uint32_t> found;
    grams->scan(text, [&](const LiteralRecord& literal, std::size_t begin) {
      CHECK(begin + literal.size <= text.size());
      found.insert(literal.pattern);
      return true;
    });
    return found;
  }
  std::unique_ptr<const FileView> file;
  std::unique_ptr<GramIndex> grams;
};

using Numbers = std::set<std::uint32_t>;

TEST_CASE("GramIndex: finds literals anywhere, without regard to case") {
  const Index index({"casino", "bet", "casinos"});
  CHECK(index.hits("https://royal-CASINO7.example/") == Numbers{0});
  CHECK(index.hits("casinos") == Numbers{0, 2});
  CHECK(index.hits("bet") == Numbers{1});
  CHECK(index.hits("tibet") == Numbers{1});
  CHECK(index.hits("casin").empty());
  CHECK(index.hits("asino").empty());
  CHECK(index.hits("be").empty());
  CHECK(index.hits("").empty());
}

TEST_CASE("GramIndex: bytes that share a class with others are told apart") {
  const Index index({"a[.]b"});
  for (int c = 0; c < 256; ++c) {
    const std::string text = std::string("a") + static_cast<char>(c) + "b";
    CHECK(index.hits(text).empty() == (c != '.'));
  }
}

TEST_CASE("GramIndex: literals of two bytes are found at both ends") {
  const Index index({"ai", "air"});
  CHECK(index.hits("ai") == Numbers{0});
  CHECK(index.hits("x-AI") == Numbers{0});
  CHECK(index.hits("air-x") == Numbers{0, 1});
  CHECK(index.hits("a-i").empty());
}

TEST_CASE("GramIndex: a long literal is looked for by eight bytes of it, wherever they stand") {
  const Index index({"everyday-wonderland"});
  CHECK(index.hits("x/EVERYDAY-wonderland") == Numbers{0});
  CHECK(index.hits("everyday").empty());
}

TEST_CASE("GramIndex: one without literals finds nothing") {
  const Index index({});
  CHECK(index.hits("anything at all").empty());
}

}  // namespace
}  // namespace fairlead::rules::match
