#include "rules/match/names/host_suffixes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "rules/match/names/name_hash.hpp"

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

TEST_CASE("HostSuffixes: the hash of a suffix is the hash of the host it names, wherever its dots fall") {
  std::string host = "org";
  for (int size = 0; size < 70; ++size) {
    host.insert(0, size % 5 == 4 || size % 7 == 3 ? "." : "a");
    CAPTURE(host);
    const HostSuffixes suffixes(host);
    CHECK(suffixes.size() == static_cast<std::size_t>(std::count(host.begin(), host.end(), '.')) + 1);
    for (std::size_t i = 0; i < suffixes.size(); ++i) CHECK(suffixes[i].hash == hash_name(suffixes[i].text));
  }
}

TEST_CASE("hash_name: other bytes, another order or another size make another hash") {
  std::set<std::uint64_t> hashes;
  std::size_t names = 0;
  for (std::size_t size = 0; size < 20; ++size) {
    const std::string name(size, 'a');
    hashes.insert(hash_name(name)), ++names;
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = name;
      other[i] = 'b';
      hashes.insert(hash_name(other)), ++names;
      other[i] = '\0';
      hashes.insert(hash_name(other)), ++names;
    }
  }
  CHECK(hashes.size() == names);
}

TEST_CASE("HostSuffixes: a name of more labels than DNS allows keeps its end") {
  std::string host = "bad.example";
  for (int i = 0; i < 400; ++i) host.insert(0, "a.");
  const HostSuffixes suffixes(host);
  CHECK(suffixes.size() == 127);
  CHECK(suffixes[125].text == "bad.example");
}

TEST_CASE("hash_name: an address is one piece, as its suffixes have it") {
  CHECK(HostSuffixes("127.0.0.77", url::HostKind::ipv4)[0].hash == hash_name("127.0.0.77"));
  CHECK(HostSuffixes("::1", url::HostKind::ipv6)[0].hash == hash_name("::1"));
}

TEST_CASE("is_address: what a browser would connect to without a look-up") {
  CHECK(is_address("127.0.0.1"));
  CHECK(is_address("2001:db8::1"));
  CHECK_FALSE(is_address("127.0.0.1.example"));
  CHECK_FALSE(is_address("example.org"));
  CHECK_FALSE(is_address("localhost"));
}

}  // namespace
}  // namespace fairlead::rules::match
