#include "rules/catalog/imports/line_reader.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

namespace {

struct Lines final : LineImporter {
  std::vector<std::string> all;
  void take_line(std::string_view line, std::uint32_t number) override {
    all.push_back(std::to_string(number) + ":" + std::string(line));
  }
};

Texts cut(std::string_view text, std::size_t piece) {
  Lines lines;
  LineReader reader(lines, nullptr);
  for (std::size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  reader.finish();
  return lines.all;
}

}  // namespace

TEST_CASE("line reader: every line end counts once, wherever the stream is cut") {
  const std::string_view text =
      "\xEF\xBB\xBF"
      "a\nb\r\nc\rd\n\nlast";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    CHECK(cut(text, piece) == Texts{"1:a", "2:b", "3:c", "4:d", "5:", "6:last"});
  }
}

TEST_CASE("line reader: a line of 64 KiB is read, a longer one passed over") {
  const std::string longest(kLongestLine, 'x');
  for (const std::size_t piece : {std::size_t{1000}, longest.size() * 3}) {
    CHECK(cut(longest + "\n" + longest + "y\nz", piece) == Texts{"1:" + longest, "3:z"});
  }
}
