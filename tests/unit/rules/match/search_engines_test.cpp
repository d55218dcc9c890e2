#include "rules/match/search_engines.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "catalogs.hpp"

namespace fairlead::rules::match {
namespace {

const SearchEngines& engines() {
  static const SearchEngines kEngines({
      {"Google", {"google.com", "google.{}", "google.{}/imgres"}, {"/search"}, {"q"}, {}},
      {"Bing", {"bing.com", "{}.bing.com"}, {"/search", "/images/search"}, {"q", "Q"}, {}},
      {"Duck", {"duckduckgo.com"}, {"/"}, {"q"}, {}},
      {"Any path", {"www.mojeek.com"}, {}, {"q"}, {}},
      {"Reddit", {"www.reddit.com"}, {"/r/*/search"}, {"q"}, {}},
  });
  return kEngines;
}

std::vector<std::string> values(std::string_view url) {
  const url::CanonicalUrl canonical = test::url_of(url);
  std::vector<std::string> values;
  engines().each_value(canonical, [&](std::string_view value) { values.emplace_back(value); });
  return values;
}

using Values = std::vector<std::string>;

TEST_CASE("SearchEngines: host, path and parameter together") {
  CHECK(values("https://www.google.com/search?q=free+spins&hl=en") == Values{"free+spins"});
  CHECK(values("https://google.com/search?hl=en&q=x") == Values{"x"});
  CHECK(values("https://www.google.com/maps?q=x").empty());
  CHECK(values("https://www.google.com/searches?q=x").empty());
  CHECK(values("https://www.google.com/search?hl=q").empty());
  CHECK(values("https://notgoogle.com/search?q=x").empty());
  CHECK(values("https://www.google.com/search").empty());
}

TEST_CASE("SearchEngines: a country part is one label or two at the end, one in front") {
  CHECK(values("https://www.google.co.uk/search?q=x") == Values{"x"});
  CHECK(values("https://google.de/search?q=x") == Values{"x"});
  CHECK(values("https://uk.bing.com/images/search?q=x") == Values{"x"});
  CHECK(values("https://google.example/search?q=x").empty());
  CHECK(values("https://google.a.b.c/search?q=x").empty());
}

TEST_CASE("SearchEngines: every value of a repeated parameter is judged") {
  CHECK(values("https://duckduckgo.com/?q=harmless&q=other") == Values{"harmless", "other"});
  CHECK(values("https://www.bing.com/search?Q=a&q=b") == Values{"a", "b"});
}

TEST_CASE("SearchEngines: an escaped name is still that name") {
  CHECK(values("https://duckduckgo.com/?%71=x") == Values{"x"});
}

TEST_CASE("SearchEngines: a host may bring a path of its own, and a path a wildcard") {
  CHECK(values("https://www.google.co.uk/imgres?q=x") == Values{"x"});
  CHECK(values("https://www.mojeek.com/anything?q=x") == Values{"x"});
  CHECK(values("https://www.reddit.com/r/plastering/search?q=x") == Values{"x"});
  CHECK(values("https://www.reddit.com/r/plastering/other?q=x").empty());
}

TEST_CASE("SearchEngines: the path is read as a lenient origin reads it, too") {
  CHECK(values("https://www.google.com//search?q=x") == Values{"x"});
}

}  // namespace
}  // namespace fairlead::rules::match
