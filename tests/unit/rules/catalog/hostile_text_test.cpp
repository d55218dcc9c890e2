// Text that is no YAML, that is cut, damaged or made to exhaust: named, never a crash, and soon.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>

#include "tests/unit/rules/catalog/good_files.hpp"
#include "tests/unit/rounds.hpp"

using namespace fairlead::rules::catalog;

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20U;

std::string repeat(std::string_view part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

good::Files with_category(std::string text) {
  good::Files files = good::files();
  files.front().second = std::move(text);
  return files;
}

struct Bomb {
  std::string_view name;
  std::function<std::string()> text;
  std::string_view says;  // what the first problem must hold
};

std::string billion_laughs() {
  std::string text = "a: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n";
  for (char name = 'b'; name <= 'z'; ++name) {
    const std::string before{'*', static_cast<char>(name - 1), ','};
    text.append({name, ':', ' ', '&', name, ' ', '['}).append(repeat(before, 9)).append("]\n");
  }
  return text;
}

std::string nested_blocks() {
  std::string text;
  for (std::size_t depth = 0; depth < 1000; ++depth) text += std::string(depth, ' ') + "a:\n";
  return text;
}

std::string many_keys() {
  std::string text;
  for (int key = 0; text.size() < 3 * kMiB; ++key) text += "k" + std::to_string(key) + ": v\n";
  return text;
}

const std::vector<Bomb>& bombs() {
  static const std::vector<Bomb> all{
      {"aliases of aliases", billion_laughs, "anchors (&name) are not read here"},
      {"100,000 brackets in a line", [] { return repeat("[", 100'000); }, "longer than 16 KiB"},
      {"16,000 brackets in a line", [] { return repeat("[", 16'000); }, "nested more than 32 deep"},
      {"100,000 brackets on lines", [] { return repeat("[\n", 100'000); }, "nested more than 32 deep"},
      {"braces", [] { return repeat("{a: ", 4'000); }, "nested more than 32 deep"},
      {"lists in lists", [] { return repeat("- ", 8'000); }, "nested more than 32 deep"},
      {"maps in maps", nested_blocks, "nested more than 32 deep"},
      {"a huge word", [] { return "a: " + std::string(4 * kMiB - 3, 'x'); }, "longer than 16 KiB"},
      {"a huge quoted text", [] { return "a: '" + repeat("xxxxxxx\n", kMiB / 2 - 1) + "'"; }, "unknown key 'a'"},
      {"a huge folded text", [] { return "a: >\n" + repeat("  x\n", kMiB - 2); }, "unknown key 'a'"},
      {"many entries", [] { return "a:\n" + repeat("- x\n", kMiB - 1); }, "more than 100,000 values"},
      {"many small lists", [] { return "a: [\n" + repeat("[],\n", kMiB - 2) + "]"; }, "more than 100,000 values"},
      {"many keys", many_keys, "more than 100,000 values"},
      {"many unknown keys", [] { return many_keys().substr(0, kMiB / 4); }, "unknown key"},
      {"many documents", [] { return repeat("---\n", kMiB); }, "a second document begins here"},
      {"many directives", [] { return repeat("%A b\n", 4 * kMiB / 5); }, "the file is empty"},
      {"line breaks", [] { return std::string(4 * kMiB, '\n'); }, "the file is empty"},
      {"comments", [] { return repeat("#\n", 2 * kMiB); }, "the file is empty"},
      {"question marks", [] { return repeat("?\n", kMiB); }, "a key must be a plain word"},
      {"one byte too many", [] { return std::string(4 * kMiB + 1, '#'); }, "larger than 4 MiB"},
  };
  return all;
}

struct Encoding {
  std::string_view name, text, says;
};
using namespace std::string_view_literals;
constexpr auto kEncodings = std::to_array<Encoding>({
    {"nothing", ""sv, "1:1: error: the file is empty"},
    {"white space", "  \n\n"sv, "1:1: error: the file is empty"},
    {"null", "~"sv, "1:1: error: the file is empty"},
    {"a list", "- a\n"sv, "1:1: error: the file must begin with a key"},
    {"a word", "gambling\n"sv, "1:1: error: the file must begin with a key"},
    {"a NUL byte", "category: gam\0bling\n"sv, "1:14: error: there is a NUL byte here"},
    {"a control byte", "category: a\ntitle: b\x1b[31m\n"sv, "2:9: error: there is a control byte (0x1B) here"},
    {"invalid UTF-8", "category: a\ntitle: caf\xe9\n"sv, "2:11: error: the byte 0xE9 is not UTF-8"},
    {"an overlong form", "a: \xc0\xaf\n"sv, "1:4: error: the byte 0xC0 is not UTF-8"},
    {"a surrogate", "a: \xed\xa0\x80\n"sv, "1:4: error: the byte 0xED is not UTF-8"},
    {"above Unicode", "a: \xf4\x90\x80\x80\n"sv, "1:4: error: the byte 0xF4 is not UTF-8"},
    {"cut in a character", "a: \xe2\x82"sv, "1:4: error: the byte 0xE2 is not UTF-8"},
    {"UTF-16, low byte first", "\xff\xfe\x61\x00"sv, "1:1: error: the file is saved as UTF-16"},
    {"UTF-16, high byte first", "\xfe\xff\x00\x61"sv, "1:1: error: the file is saved as UTF-16"},
});

}  // namespace

TEST_CASE("load_texts: bombs are refused by name") {
  for (const Bomb& bomb : bombs()) {
    CAPTURE(bomb.name);
    const good::Files files = with_category(bomb.text());
    const Loaded loaded = load_texts(files);
    CHECK_FALSE(loaded.usable());
    REQUIRE_FALSE(loaded.problems.empty());
    CHECK(loaded.problems.size() <= 501);
    const bool is_said = std::any_of(loaded.problems.begin(), loaded.problems.end(), [&](const Problem& problem) {
      return problem.file == "conduct/gambling.yaml" && problem.text.find(bomb.says) != std::string::npos;
    });
    CHECK_MESSAGE(is_said, to_string(loaded.problems.front()));
  }
}

TEST_CASE("load_texts: what is no UTF-8 text is said with its place") {
  for (const Encoding& encoding : kEncodings) {
    CAPTURE(encoding.name);
    const std::string said = good::said(with_category(std::string(encoding.text)));
    CAPTURE(said);
    CHECK(said.find("conduct/gambling.yaml:" + std::string(encoding.says)) == 0);
  }
}

TEST_CASE("load_texts: a byte order mark and other line endings change nothing, not even places") {
  const std::string plain(good::kGambling);
  std::string windows, old_mac;
  for (const char c : plain) {
    windows += c == '\n' ? "\r\n" : std::string(1, c);
    old_mac += c == '\n' ? '\r' : c;
  }
  for (const std::string& text : {"\xEF\xBB\xBF" + plain, windows, old_mac, "\xEF\xBB\xBF" + windows}) {
    CHECK(good::said(with_category(text)) == "");
    std::string wrong = text;
    wrong.replace(wrong.find("in: host"), 8, "in: hots");
    CHECK(good::said(with_category(wrong)) ==
          "conduct/gambling.yaml:20:11: error: 'in' cannot be 'hots'; write 'host', 'path', 'query' or 'url'\n");
  }
}

TEST_CASE("load_texts: a file cut at any byte is told of or whole, and never stops the process") {
  for (std::size_t file = 0; file < good::files().size(); ++file) {
    const std::string whole = good::files()[file].second;
    for (std::size_t size = 0; size < whole.size(); size += fairlead::kPart) {
      good::Files files = good::files();
      files[file].second = whole.substr(0, size);
      (void)load_texts(files);
    }
  }
  // Cut before its tests, a category must not pass for a smaller one.
  const std::string cut(good::kGambling.substr(0, good::kGambling.find("tests:")));
  CHECK(good::said(with_category(cut)) ==
        "conduct/gambling.yaml:1:1: error: a category needs the key 'tests'; add it\n");
}

TEST_CASE("load_texts: damaged folders are read without a crash and in bounded time") {
  std::mt19937 random(20220512);
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  constexpr std::string_view kTelling = "{}[]:,-?&*!|>'\"%@`#\n\t ~\\0";
  for (int round = 0; round < fairlead::rounds(1000); ++round) {
    good::Files files = good::files();
    std::string& text = files[below(files.size())].second;
    const std::size_t changes = 1 + below(4);
    for (std::size_t change = 0; change < changes; ++change) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(text[at] ^ static_cast<char>(1U << below(8)));
          break;
        case 1:
          text[at] = kTelling[below(kTelling.size())];
          break;
        case 2:
          text.insert(at, 1, kTelling[below(kTelling.size())]);
          break;
        default:
          text.erase(at, 1 + below(8));
          break;
      }
    }
    for (const Problem& problem : load_texts(files).problems) CHECK_FALSE(to_string(problem).empty());
  }
}
