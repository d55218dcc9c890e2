#include "rules/match/hashed_hosts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace fairlead::rules::match {
namespace {

// printf 'fairlead:%s' bad.example | sha256sum
constexpr std::string_view kBadExample = "d3ae650a08a49d5f8228cd8d55de390225744507dc3a3c91647455c5fb0614ed";

std::vector<std::uint32_t> find(const HashedHosts& hosts, std::string_view host) {
  std::vector<std::uint32_t> values;
  hosts.find(HostSuffixes(host)[0], [&](std::uint32_t value) { values.push_back(value); });
  return values;
}

TEST_CASE("HashedHosts: the digest is the one the administrator's command prints") {
  HashedHosts hosts;
  hosts.add(kBadExample, 7);
  hosts.seal();
  CHECK(find(hosts, "bad.example") == std::vector<std::uint32_t>{7});
  CHECK(find(hosts, "good.example").empty());
}

TEST_CASE("HashedHosts: a common end of names is found when it is an entry") {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest_of_host("tv")) hex += {kHex[byte / 16], kHex[byte % 16]};
  HashedHosts hosts;
  hosts.add(hex, 9);
  hosts.seal();
  CHECK(find(hosts, "tv") == std::vector<std::uint32_t>{9});
  CHECK(find(hosts, "com").empty());
}

TEST_CASE("HashedHosts: half a digest is no digest") {
  HashedHosts hosts;
  hosts.add(kBadExample.substr(0, 32), 7);
  hosts.seal();
  CHECK(hosts.empty());
}

}  // namespace
}  // namespace fairlead::rules::match
