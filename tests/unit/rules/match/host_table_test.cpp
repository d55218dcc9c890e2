#include "rules/match/host_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace fairlead::rules::match {
namespace {

std::vector<std::string> texts(const HostSuffixes& suffixes) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < suffixes.size(); ++i) out.emplace_back(suffixes[i].text);
  return out;
}

TEST_CASE("HostSuffixes: every parent at a label boundary, the longest first") {
  CHECK(texts(HostSuffixes("www.example.org")) == std::vector<std::string>{"www.example.org", "example.org", "org"});
  CHECK(texts(HostSuffixes("localhost")) == std::vector<std::string>{"localhost"});
}

TEST_CASE("HostSuffixes: an address has no parents") {
  CHECK(texts(HostSuffixes("127.0.0.77", url::HostKind::ipv4)) == std::vector<std::string>{"127.0.0.77"});
  CHECK(texts(HostSuffixes("::1", url::HostKind::ipv6)) == std::vector<std::string>{"::1"});
}

TEST_CASE("HostSuffixes: the hash of a suffix is the hash of the host it names") {
  const HostSuffixes suffixes("a.b.example.org");
  for (std::size_t i = 0; i < suffixes.size(); ++i) CHECK(suffixes[i].hash == hash_host(suffixes[i].text));
}

TEST_CASE("HostSuffixes: a name of more labels than DNS allows keeps its end") {
  std::string host = "bad.example";
  for (int i = 0; i < 400; ++i) host.insert(0, "a.");
  const HostSuffixes suffixes(host);
  CHECK(suffixes.size() == 127);
  CHECK(suffixes[125].text == "bad.example");
}

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
  CHECK(table.find({"other.org", hash_host("example.org")}).empty());
}

TEST_CASE("HostTable: an empty table finds nothing") {
  HostTable table;
  table.seal();
  CHECK(table.find(HostSuffixes("example.org")[0]).empty());
}

}  // namespace
}  // namespace fairlead::rules::match
