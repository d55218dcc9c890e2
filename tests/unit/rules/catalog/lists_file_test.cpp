#include <doctest/doctest.h>

#include "tests/unit/rules/catalog/good_files.hpp"

using namespace fairlead::rules::catalog;
using namespace std::chrono_literals;

TEST_CASE("lists.yaml: every key is read, and what is left out has its default") {
  const Catalog catalog = load_texts(good::files()).catalog;
  REQUIRE(catalog.lists.size() == 2);
  const ListSource& ut1 = catalog.lists[0];
  CHECK(ut1.id == "ut1-gambling");
  CHECK(ut1.title == "Gambling, by the University of Toulouse");
  CHECK(ut1.from == "https://lists.example/gambling.tar.gz");
  CHECK(ut1.is_remote());
  CHECK(ut1.format == ListFormat::ut1);
  CHECK(ut1.member == "gambling");
  CHECK(ut1.licence == "CC BY-SA 4.0");
  CHECK(ut1.refresh == 168h);
  CHECK(ut1.most_bytes == std::uint64_t{16} << 20U);
  CHECK(ut1.at.line == 2);
  const ListSource& own = catalog.lists[1];
  CHECK_FALSE(own.is_remote());
  CHECK(own.format == ListFormat::hosts);
  CHECK(own.refresh == 24h);
  CHECK(own.most_bytes == std::uint64_t{64} << 20U);
  CHECK(own.public_key.empty());
  CHECK(own.sha256.empty());
}

TEST_CASE("lists.yaml: without encryption a signature or a digest is needed") {
  const std::string key = "RW" + std::string(54, 'a');
  const std::string digest(64, 'A');
  for (const std::string& proof : {"public_key: " + key, "sha256: " + digest}) {
    const good::Files files = good::with("lists.yaml", "own/hosts.txt", "\"http://lists.example/hosts\", " + proof);
    CHECK(good::said(files) == "");
    const ListSource own = load_texts(files).catalog.lists[1];
    CHECK(own.is_remote());
    CHECK((own.public_key == key || own.sha256 == std::string(64, 'a')));
  }
}

TEST_CASE("lists.yaml: may be absent while no category names a list") {
  good::Files files = good::files();
  std::erase_if(files, [](const auto& file) { return file.first == "lists.yaml"; });
  CHECK(good::said(files) == "conduct/gambling.yaml:9:9: error: 'ut1-gambling' is not in lists.yaml\n");
  for (auto& [name, text] : files) {
    if (name == "conduct/gambling.yaml") text.replace(text.find("lists: [ut1-gambling]"), 21, "lists: []");
  }
  CHECK(good::said(files) == "");
}

TEST_CASE("lists.yaml: a broken file is told of once, not for every category that names a list") {
  const good::Files files = good::with("lists.yaml", "{title: Our own", "{title: [Our own");
  CHECK(good::said(files).find("gambling.yaml") == std::string::npos);
}
