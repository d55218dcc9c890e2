#include "agent/bundles/manifest.hpp"

#include <doctest/doctest.h>

namespace fairlead::agent::bundles {
namespace {

const std::string kDigest(64, 'a'), kOther(64, 'b');

Manifest sample() {
  Manifest out{"Example Trades",
               7,
               std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000)),
               std::chrono::sys_seconds(std::chrono::seconds(1'810'000'000)),
               "https://cdn.example/rules/",
               {}};
  out.groups["learners"] = {kDigest, 10240, {kOther, 500, ""}, {{kDigest, 20, kOther}}};
  return out;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

TEST_CASE("read_manifest: what was written is read the same") {
  const std::string text = write_manifest(sample());
  const auto read = read_manifest(text);
  REQUIRE(read);
  CHECK(read->version == 7);
  CHECK(read->groups.at("learners").deltas.front() == Packed{kDigest, 20, kOther});
  CHECK(write_manifest(*read) == text);
}

TEST_CASE("read_manifest: whatever is not told as it must be is refused") {
  const std::string good = write_manifest(sample());
  const std::pair<const char*, const char*> changes[] = {{"manifest 1", "manifest 2"},
                                                         {"Example Trades", ""},
                                                         {"\"version\": 7", "\"version\": 0"},
                                                         {"\"version\": 7", "\"version\": -7"},
                                                         {"\"version\": 7", "\"version\": 7.5"},
                                                         {"\"version\": 7", "\"version\": 9007199254740993"},
                                                         {"\"version\": 7", "\"version\": \"7\""},
                                                         {"2027-01-15T08:00:00Z", "2027-01-15 08:00"},
                                                         {"2027-01-15T08:00:00Z", "2037-01-15T08:00:00Z"},
                                                         {"https://cdn.example/rules/", "http://cdn.example/rules/"},
                                                         {"https://cdn.example/rules/", "https://cdn.example/rules"},
                                                         {"\"learners\"", "\"../learners\""},
                                                         {"\"learners\"", "\"\""},
                                                         {"\"size\": 10240", "\"size\": 10240000000"},
                                                         {"\"size\": 500", "\"size\": 0"},
                                                         {"aaaaaaaa", "AAAAAAAA"},
                                                         {"aaaaaaaa", "../../.."},
                                                         {"\"whole\"", "\"part\""}};
  for (const auto& change : changes)
    CHECK_MESSAGE(!read_manifest(replaced(good, change.first, change.second)), std::string(change.first), " ",
                  std::string(change.second));
  for (const char* text : {"", "null", "[]", "{}", "{\"fairlead\": \"manifest 1\"}"}) CHECK_FALSE(read_manifest(text));
  CHECK_FALSE(read_manifest(std::string(kMostManifest + 1, ' ')));
}

}  // namespace
}  // namespace fairlead::agent::bundles
