// A compiled ruleset with bytes changed anywhere, and with its sums made to fit again, so that no sum stands between
// the fuzzer and the readers: it is refused, or read without leaving the file. And any bytes as a ruleset.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "rules/match/compile.hpp"
#include "rules/match/file/sums.hpp"
#include "rules/match/ruleset.hpp"

namespace {

namespace catalog = fairlead::rules::catalog;
namespace match = fairlead::rules::match;
using Bytes = std::vector<std::byte>;

catalog::Catalog categories() {
  catalog::Catalog catalog;
  catalog.files = {"conduct/a.yaml"};
  catalog::Category category;
  category.id = "a";
  for (int i = 0; i < 200; ++i)
    category.block.hosts.push_back({"n" + std::to_string(i) + ".casino.example", {0, 1, 1}});
  category.block.hosts.push_back({"10.0.0.1", {0, 1, 1}});
  category.block.paths.push_back({"site.example", "/casino", {0, 2, 1}});
  category.allow.paths.push_back({"site.example", "/casino/help", {0, 3, 1}});
  category.block.patterns.push_back({"p", "roulette[0-9]|bet", catalog::Where::url, "", {0, 4, 1}});
  category.block.searches.push_back({"s", "free spins", {0, 5, 1}});
  category.block.hashed_hosts.push_back({std::string(64, 'a'), {0, 6, 1}});
  catalog.categories.push_back(category);
  catalog.search_engines.push_back({"find", {"find.example"}, {}, {"q"}, {0, 1, 1}});
  return catalog;
}

/// Lets the sums fit what the bytes have become, as far as the header makes sense.
void seal_again(Bytes& bytes) {
  if (bytes.size() < sizeof(match::Header)) return;
  match::Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const std::uint64_t sums_begin = sizeof(header) + std::uint64_t{header.sections} * sizeof(match::SectionRecord);
  if (header.data_begin > bytes.size() || sums_begin > header.data_begin) return;
  for (std::uint64_t begin = header.data_begin, at = sums_begin; begin < bytes.size();
       begin += match::kPageSize, at += sizeof(std::uint64_t)) {
    if (at + sizeof(std::uint64_t) > header.data_begin) return;
    const std::uint64_t sum =
        XXH3_64bits(bytes.data() + begin, std::min<std::size_t>(match::kPageSize, bytes.size() - begin));
    std::memcpy(bytes.data() + at, &sum, sizeof(sum));
  }
  header.sum = match::sum_of_frame(std::span<const std::byte>(bytes).first(header.data_begin));
  std::memcpy(bytes.data(), &header, sizeof(header));
}

void read_all(const Bytes& bytes, const catalog::Catalog& catalog) {
  const auto kept = std::make_shared<Bytes>(bytes);
  const match::FileBytes file{*kept, kept};
  static_cast<void>(match::Ruleset::edited_files(file));
  const auto opened = match::Ruleset::open(file, catalog);
  if (!opened) return;
  const match::Ruleset& ruleset = **opened;
  fairlead::rules::url::CanonicalUrl url;
  match::Matches matches;
  for (const char* text : {"https://www.n17.casino.example/", "http://10.0.0.1/",
                           "https://site.example/CASINO/help?x=1", "https://x.example/roulette7%20bet",
                           "https://find.example/?q=free+spins", "https://a.b.c.d.e.f.g.h.i.j.example/a/b/c?d=e&f=g"}) {
    if (url.assign(text)) ruleset.classify(url, matches, {"page.example", catalog::ResourceType::image});
  }
  static_cast<void>(ruleset.lists());
  std::size_t named = 0;
  ruleset.each_name([&](match::RuleKind, std::string_view, const auto& each_rule) {
    each_rule([&](const match::Rule& rule) { named += rule.name.size(); });
  });
  ruleset.each_below("casino.example", [&](const match::Rule& rule) { named += rule.name.size(); });
  ruleset.each_pattern([&](const match::Rule&, std::string_view text) { named += text.size(); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const catalog::Catalog catalog = categories();
  static const Bytes good = [] {
    match::Compiler compiler(catalog);
    std::vector<catalog::Problem> problems;
    compiler.add_category(0, problems);
    const auto file = compiler.finish(std::string(64, 'n'), {{"conduct/a.yaml", "category: a"}}).to_memory();
    return Bytes(file.bytes.begin(), file.bytes.end());
  }();
  if (size == 0) return 0;
  if (data[0] % 8 == 0) {
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    read_all(Bytes(bytes.begin(), bytes.end()), catalog);
    return 0;
  }
  // Each five bytes are one change: where (four bytes), and what.
  Bytes bytes = good;
  for (std::size_t at = 1; at + 5 <= size; at += 5) {
    std::uint32_t where = 0;
    std::memcpy(&where, data + at, sizeof(where));
    bytes[where % bytes.size()] = static_cast<std::byte>(data[at + 4]);
  }
  seal_again(bytes);
  read_all(bytes, catalog);
  return 0;
}
