// One list published in several formats must give one set of hosts.

#include <doctest/doctest.h>

#include <set>

#include "tests/unit/rules/catalog/imports/corpora.hpp"
#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;

namespace {

std::set<std::string> hosts_of(const std::filesystem::path& path, ListFormat format) {
  Imported list;
  REQUIRE(import_list(path, format, "", list));
  CHECK(list.left_out.empty());
  CHECK(list.filters.empty());
  return {list.hosts.begin(), list.hosts.end()};
}

void check_twins(const std::string& hosts, const std::string& dnsmasq, const std::string& adblock, std::size_t count) {
  CAPTURE(hosts);
  const auto path = corpus(hosts);
  if (path.empty()) return;
  const auto expected = hosts_of(path, ListFormat::hosts);
  CHECK(expected.size() == count);
  CHECK(hosts_of(corpus(dnsmasq), ListFormat::dnsmasq) == expected);
  if (!adblock.empty()) CHECK(hosts_of(corpus(adblock), ListFormat::adblock) == expected);
}

}  // namespace

TEST_CASE("twins: hosts, dnsmasq and Adblock forms of one list give the same hosts") {
  check_twins("hosts/blp-drugs.txt.zst", "dnsmasq/blp-drugs-dnsmasq.txt.zst", "adblock/blp-drugs-ags.txt.zst", 26029);
  check_twins("hosts/blp-torrent.txt", "dnsmasq/blp-torrent-dnsmasq.txt", "adblock/blp-torrent-ags.txt", 2620);
  check_twins("hosts/blp-ransomware.txt", "dnsmasq/blp-ransomware-dnsmasq.txt", "adblock/blp-ransomware-ags.txt", 1904);
  check_twins("hosts/blp-redirect.txt.zst", "dnsmasq/blp-redirect-dnsmasq.txt.zst", "", 108685);
}

TEST_CASE("twins: unbound and wildcard forms of one list give the same hosts") {
  const auto wildcards = corpus("wildcard/hagezi-fake.txt");
  if (wildcards.empty()) return;
  const auto expected = hosts_of(wildcards, ListFormat::wildcards);
  CHECK(expected.size() == 7355);
  CHECK(hosts_of(corpus("unbound/hagezi-fake.conf.zst"), ListFormat::unbound) == expected);
}
