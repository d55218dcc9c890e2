// Every address in UT1's own `urls` files must be caught by what was read from them.

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>

#include "rules/url/canonical_url.hpp"
#include "tests/unit/rules/catalog/imports/corpora.hpp"
#include "tests/unit/rules/catalog/imports/imported.hpp"

using namespace fairlead::rules::catalog;
namespace url = fairlead::rules::url;

namespace {

struct Closed {
  std::set<std::string> hosts, paths;

  [[nodiscard]] bool catches(const url::CanonicalUrl& address) const {
    std::string path(address.path_and_query());
    while (path.ends_with('/')) path.pop_back();
    for (std::string host(address.host());;) {
      if (hosts.contains(host) || paths.contains(host + path)) return true;
      const std::size_t dot = host.find('.');
      if (dot == std::string::npos) return false;
      host.erase(0, dot + 1);
    }
  }
};

Closed read_category(const std::string& name) {
  Imported list;
  const auto path = corpus("ut1/" + name);
  REQUIRE_FALSE(path.empty());
  REQUIRE(import_list(path, ListFormat::ut1, "", list));
  CHECK(list.left_out.empty());
  return {{list.hosts.begin(), list.hosts.end()}, {list.paths.begin(), list.paths.end()}};
}

}  // namespace

TEST_CASE("ut1: every address of a urls file is caught by its own category") {
  const auto path = corpus("streams/urls-mixed.tsv.zst");
  if (path.empty()) return;
  const std::string marker = "\tut1-";
  std::map<std::string, Closed> categories;
  std::istringstream rows(text_of(path));
  std::size_t caught = 0;
  std::size_t missed = 0;
  for (std::string row; std::getline(rows, row);) {
    const std::size_t at = row.rfind(marker);
    if (at == std::string::npos) continue;
    const std::string name = row.substr(at + marker.size());
    if (!categories.contains(name)) categories.emplace(name, read_category(name));
    url::CanonicalUrl address;
    if (!address.assign(row.substr(0, row.find('\t')))) continue;  // no browser could read it
    if (categories.at(name).catches(address)) {
      ++caught;
      continue;
    }
    ++missed;
    MESSAGE("missed: " << row);
  }
  CHECK(caught > 40'000);
  CHECK(missed == 0);
}
