#include "rules/catalog/category_file.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;

TEST_CASE("read_category: every field arrives, hosts and paths in canonical form, places from 1") {
  const Loaded loaded = load_texts(good::files());
  REQUIRE(good::said(good::files()) == "");
  REQUIRE(loaded.catalog.categories.size() == 2);
  const Category& gambling = loaded.catalog.categories[0];
  CHECK(gambling.id == "gambling");
  CHECK(gambling.title == "Gambling");
  CHECK(gambling.says == "Gambling sites are not available on this laptop.");
  CHECK(gambling.risk == Risk::conduct);
  CHECK(gambling.severity == Severity::medium);
  CHECK(gambling.record == Record::path);
  CHECK(gambling.review == Review::week);
  CHECK(gambling.help == std::vector<std::string>{"gamcare", "safeguarding-lead"});
  CHECK(gambling.lists == std::vector<std::string>{"ut1-gambling"});
  CHECK_FALSE(gambling.quiet);
  CHECK_FALSE(gambling.opaque);
  CHECK_FALSE(gambling.statutory);

  REQUIRE(gambling.block.hosts.size() == 3);
  CHECK(gambling.block.hosts[0].host == "bet365.com");
  CHECK(gambling.block.hosts[1].host == "xn--caf-dma.example");
  CHECK(gambling.block.hosts[2].host == "127.0.0.1");
  CHECK(loaded.catalog.files[gambling.block.hosts[1].at.file] == "conduct/gambling.yaml");
  CHECK(gambling.block.hosts[1].at.line == 13);
  CHECK(gambling.block.hosts[1].at.column == 7);
  REQUIRE(gambling.block.hashed_hosts.size() == 1);
  CHECK(gambling.block.hashed_hosts[0].sha256 == "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
  REQUIRE(gambling.block.paths.size() == 2);
  CHECK(gambling.block.paths[0].host == "example.org");
  CHECK(gambling.block.paths[0].path == "/casino");
  CHECK(gambling.block.paths[1].host == "example.org");
  CHECK(gambling.block.paths[1].path == "/b-");
  REQUIRE(gambling.block.patterns.size() == 1);
  CHECK(gambling.block.patterns[0].id == "casino-label");
  CHECK(gambling.block.patterns[0].re2 == R"((^|\.)[a-z0-9-]*casino[a-z0-9-]*\.)");
  CHECK(gambling.block.patterns[0].where == Where::host);
  CHECK(gambling.block.patterns[0].because == "Casino brands change their numbers weekly.");
  REQUIRE(gambling.block.searches.size() == 1);
  CHECK(gambling.block.searches[0].id == "free-bets");
  REQUIRE(gambling.allow.hosts.size() == 2);
  CHECK(gambling.allow.hosts[1].host == "nhs.uk");
  CHECK(gambling.allow.searches.size() == 1);
  REQUIRE(gambling.must_block.size() == 2);
  CHECK(gambling.must_block[0].url == "https://www.bet365.com/");
  CHECK(gambling.must_block[1].url == "https://royal-casino7.example/");

  const Category& listed = loaded.catalog.categories[1];
  CHECK(listed.statutory);
  CHECK(listed.opaque);
  CHECK(listed.severity == Severity::critical);
}

TEST_CASE("read_category: columns count characters, not bytes") {
  const std::string said = good::said(
      good::with("conduct/gambling.yaml", "hosts: [casinotheatre.example, nhs.uk]", "hosts: [café.example, com]"));
  CHECK(said.find("conduct/gambling.yaml:25:25: error: 'com' is a single label") == 0);
}

TEST_CASE("to_string: every enumerator has the word that the files use") {
  CHECK(to_string(Risk::conduct) == "conduct");
  CHECK(to_string(Severity::critical) == "critical");
  CHECK(to_string(Record::words) == "words");
  CHECK(to_string(Review::now) == "now");
  CHECK(to_string(Where::url) == "url");
  CHECK(to_string(Action::block) == "block");
}

TEST_CASE("read_small_files: protected, signposts and search engines arrive") {
  const Catalog catalog = load_texts(good::files()).catalog;
  REQUIRE(catalog.protected_services.size() == 2);
  CHECK(catalog.protected_services[1].host == "nhs.uk");
  CHECK(catalog.protected_services[1].because == "Government and health.");
  CHECK(catalog.protected_services[1].at.column == 22);
  REQUIRE(catalog.signposts.size() == 1);
  CHECK(catalog.signposts[0].id == "gamcare");
  CHECK(catalog.signposts[0].kind == "help");
  CHECK(catalog.signposts[0].audience == "learner");
  CHECK(catalog.signposts[0].phone.empty());
  CHECK(catalog.signposts[0].url == "https://www.gamcare.org.uk/");
  REQUIRE(catalog.search_engines.size() == 1);
  CHECK(catalog.search_engines[0].hosts == std::vector<std::string>{"google.com", "google.{}"});
  CHECK(catalog.search_engines[0].paths == std::vector<std::string>{"/search"});
  CHECK(catalog.search_engines[0].params == std::vector<std::string>{"q"});
}

TEST_CASE("read_safe_search: engines arrive, with one host to connect to or with YouTube's levels") {
  const Catalog catalog = load_texts(good::files()).catalog;
  REQUIRE(catalog.safe_search.size() == 2);
  const SafeSearchEngine& google = catalog.safe_search[0];
  CHECK(google.id == "google");
  CHECK(google.hosts == std::vector<std::string>{"google.com", "google.{}"});
  CHECK(google.strict == "safe.google.com");
  CHECK(google.moderate == "safe.google.com");
  CHECK(google.parameter == "safe");
  CHECK(google.value == "active");
  CHECK(google.at.line == 2);
  const SafeSearchEngine& youtube = catalog.safe_search[1];
  CHECK(youtube.strict == "much.youtube.com");
  CHECK(youtube.moderate == "some.youtube.com");
  CHECK(youtube.parameter.empty());
}

TEST_CASE("read_carriers: carriers and mentions arrive, paths without a slash at the end") {
  const Catalog catalog = load_texts(good::files()).catalog;
  REQUIRE(catalog.carriers.size() == 1);
  CHECK(catalog.carriers[0].hosts == std::vector<std::string>{"translate.example"});
  CHECK(catalog.carriers[0].paths == std::vector<std::string>{"/page"});
  CHECK(catalog.carriers[0].params == std::vector<std::string>{"u"});
  CHECK(catalog.carriers[0].behind == std::vector<std::string>{"/amp", ""});
  REQUIRE(catalog.mentions.size() == 1);
  CHECK(catalog.mentions[0].params == std::vector<std::string>{"ref"});
}
