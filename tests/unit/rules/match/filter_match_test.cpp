// The index of filters against a reader of the published syntax that shares no code with it, on real lists and
// requests.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "lists.hpp"
#include "rules/match/patterns/filter_match.hpp"
#include "rules/match/patterns/pattern_records.hpp"
#include "tests/unit/rules/catalog/imports/plain_filter_matcher.hpp"
#include "tests/unit/rounds.hpp"

namespace fairlead::rules::match {
namespace {

bool holds(std::string_view text, std::uint8_t anchors, std::string_view url) {
  const auto canonical = test::url_of(url);
  FilteredText address{canonical.href(), 0, 0};
  address.host_begin = canonical.href().find("://") + 3;
  address.host_end = address.host_begin + canonical.host().size();
  std::size_t begin = std::string_view::npos;
  return match_filter(text, anchors, address, begin) != std::string_view::npos;
}

TEST_CASE("match_filter: anchors, wildcards and separators") {
  CHECK(holds("ads.example^", kAtHostLabel, "https://ads.example/"));
  CHECK(holds("ads.example^", kAtHostLabel, "https://www.ads.example:8080/"));
  CHECK_FALSE(holds("ads.example^", kAtHostLabel, "https://badads.example/"));
  CHECK_FALSE(holds("ads.example^", kAtHostLabel, "https://ads.example.org/"));
  CHECK_FALSE(holds("ads.example^", kAtHostLabel, "https://x.example/?ads.example/"));
  CHECK(holds("/banner/*/img^", 0, "http://x.example/banner/foo/img"));
  CHECK(holds("/banner/*/img^", 0, "http://x.example/banner/foo/bar/img?param"));
  CHECK_FALSE(holds("/banner/*/img^", 0, "http://x.example/banner/img"));
  CHECK_FALSE(holds("/banner/*/img^", 0, "http://x.example/banner/foo/imgraph"));
  CHECK(holds("swf", kAtEnd, "http://x.example/annoyingflash.swf"));
  CHECK_FALSE(holds("swf", kAtEnd, "http://x.example/swf/index.html"));
  CHECK(holds("http://baddomain.example/", kAtBegin, "http://baddomain.example/banner.gif"));
  CHECK_FALSE(holds("http://baddomain.example/", kAtBegin, "http://x.example/?http://baddomain.example/"));
  CHECK(holds("a*b*c", 0, "http://x.example/aXbXbXc"));
  CHECK_FALSE(holds("a*b*c", kAtEnd, "http://x.example/aXbXcX"));
  CHECK(holds("a*", kAtEnd, "http://x.example/a?z"));
  CHECK(holds("BannerAd.gif", kMatchCase, "http://x.example/BannerAd.gif"));
  CHECK_FALSE(holds("BannerAd.gif", kMatchCase, "http://x.example/bannerad.gif"));
}

/// Random filters and addresses from a small alphabet, so that much matches, and matches in odd places.
TEST_CASE("filters: the index and a plain reading of each filter say the same") {
  std::mt19937 random(3);
  const auto one_of = [&](std::string_view set) { return set[random() % set.size()]; };
  const auto text = [&](std::string_view alphabet, std::size_t most) {
    std::string out;
    for (std::size_t size = 1 + random() % most; size > 0; --size) out += one_of(alphabet);
    return out;
  };
  int matched = 0;
  for (int round = 0; round < rounds(60); ++round) {
    std::string list;
    std::vector<std::string> lines;
    for (int i = 0; i < 120; ++i) {
      std::string line = text("ab./-*^?", 7);
      const auto kind = random() % 6;
      if (kind == 0) line.insert(0, "||" + text("ab", 2) + ".");
      if (kind == 1) line.insert(0, "|http");
      if (kind == 2) line += "|";
      if (random() % 4 == 0) line += one_of("ab") == 'a' ? "$third-party" : "$image,domain=a.ab|~b.a.ab";
      lines.push_back(line);
      list += line + "\n";
    }
    const test::Compiled rules({test::category("a")}, {{"list", list, catalog::ListFormat::adblock, {"a"}}});

    struct Kept final : catalog::ListSink {
      std::vector<std::pair<std::uint32_t, catalog::Filter>> filters;
      std::vector<std::pair<std::uint32_t, std::string>> hosts;
      void begin_file(std::string_view) override {}
      void host(std::string_view host, std::uint32_t line) override { hosts.emplace_back(line, host); }
      void path(std::string_view, std::string_view, std::uint32_t) override {}
      void pattern(std::string_view, catalog::Where, std::uint32_t) override {}
      void filter(catalog::Filter filter, std::uint32_t line) override {
        filters.emplace_back(line, std::move(filter));
      }
      void hashed(std::string_view, std::uint32_t) override {}
      void skipped(catalog::Skipped, std::string_view, std::uint32_t) override {}
    } kept;
    catalog::import_text(list, catalog::ListFormat::adblock, kept);

    for (int i = 0; i < 200; ++i) {
      const std::string address = "http://" + text("ab", 2) + "." + text("ab", 2) + ".ab/" + text("ab./-?", 12);
      url::CanonicalUrl url;
      if (!url.assign(address)) continue;
      const std::string page = text("ab", 1) + "." + text("ab", 1) + ".ab";
      const auto type = random() % 2 == 0 ? catalog::ResourceType::image : catalog::ResourceType::script;
      test::Names plain;
      for (const auto& [line, filter] : kept.filters) {
        if (catalog::PlainFilterMatcher(filter, {url, type, page}).matches()) {
          plain.push_back("block a list/list.txt:" + std::to_string(line));
        }
      }
      test::Names indexed = rules.matches(address, {page, type});
      std::erase_if(indexed, [&](const std::string& name) {
        return std::any_of(kept.hosts.begin(), kept.hosts.end(),
                           [&](const auto& host) { return name.ends_with(":" + std::to_string(host.first)); });
      });
      std::sort(plain.begin(), plain.end());
      CAPTURE(address);
      CAPTURE(page);
      std::string differ;
      std::vector<std::string> only;
      std::set_symmetric_difference(indexed.begin(), indexed.end(), plain.begin(), plain.end(),
                                    std::back_inserter(only));
      for (const std::string& name : only)
        differ += name + " " + lines[std::stoul(name.substr(name.find(':') + 1)) - 1] + "; ";
      CAPTURE(differ);
      CHECK(indexed == plain);
      matched += static_cast<int>(plain.size());
    }
  }
  CHECK(matched > rounds(1000));
}

}  // namespace
}  // namespace fairlead::rules::match
