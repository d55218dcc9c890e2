#include "rules/match/host_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "rules/match/names/name_hash.hpp"

namespace fairlead::rules::match {
namespace {

TEST_CASE("HostTable: finds whole hosts only, and all values of one") {
  HostTable table;
  table.add("example.org", 1);
  table.add("www.example.org", 2);
  table.add("example.org", 3);
  table.seal();
  const HostSuffixes suffixes("www.example.org");
  CHECK(std::vector<std::uint32_t>(table.find(suffixes[0]).begin(), table.find(suffixes[0]).end()) ==
        std::vector<std::uint32_t>{2});
  CHECK(std::vector<std::uint32_t>(table.find(suffixes[1]).begin(), table.find(suffixes[1]).end()) ==
        std::vector<std::uint32_t>{1, 3});
  CHECK(table.find(suffixes[2]).empty());
  CHECK(table.find(HostSuffixes("notexample.org")[0]).empty());
}

TEST_CASE("HostTable: the same hash is not the same host") {
  HostTable table;
  table.add("example.org", 1);
  table.seal();
  CHECK(table.find({"other.org", hash_name("example.org")}).empty());
}

TEST_CASE("HostTable: an empty table finds nothing") {
  HostTable table;
  table.seal();
  CHECK(table.find(HostSuffixes("example.org")[0]).empty());
}

}  // namespace
}  // namespace fairlead::rules::match
