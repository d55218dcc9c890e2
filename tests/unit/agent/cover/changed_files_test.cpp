#include "agent/cover/changed_files.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace fairlead::agent::cover {
namespace {

using nlohmann::json;

Edit value(std::vector<std::string> keys, std::string text) {
  return {Edit::Kind::value, std::move(keys), std::move(text)};
}
Edit item(std::vector<std::string> keys, std::string text) {
  return {Edit::Kind::list_item, std::move(keys), std::move(text)};
}
Edit lines(std::string text) { return {Edit::Kind::text, {}, std::move(text)}; }

const std::vector<Edit> kEdits = {value({"policies", "Proxy"}, R"({"Mode": "manual"})"),
                                  value({"policies", "Preferences", "a.b"}, "false"),
                                  item({"policies", "Certificates", "Install"}, "/a.crt")};

TEST_CASE("changed_files: what others have written stays, and theirs comes back") {
  const std::string before =
      "{ \"policies\" :{\"Proxy\": {\"Mode\" : \"none\"},\t\"Preferences\": {}, \"Odd\": 1.50 } }\r\n";
  const std::string ours = *with_edits(before, kEdits);
  const json told = json::parse(ours)["policies"];
  CHECK(told["Proxy"]["Mode"] == "manual");
  CHECK(told["Preferences"]["a.b"] == false);
  CHECK(told["Certificates"]["Install"] == json::array({"/a.crt"}));
  CHECK(told["Odd"] == 1.5);
  CHECK(*without_edits(ours, before, kEdits) == before);
}

TEST_CASE("changed_files: what others have changed since then stays") {
  const std::string before = R"({"policies": {"Proxy": {"Mode": "none"}}})";
  json changed = json::parse(*with_edits(before, kEdits));
  changed["policies"]["Proxy"] = {{"Mode", "system"}};
  changed["policies"]["Preferences"]["c.d"] = 1;
  CHECK(json::parse(*without_edits(changed.dump(), before, kEdits)) ==
        json::parse(R"({"policies": {"Proxy": {"Mode": "system"}, "Preferences": {"c.d": 1}}})"));
}

TEST_CASE("changed_files: of a file of our own nothing is left") {
  const std::string ours = *with_edits(std::nullopt, kEdits);
  CHECK(json::parse(*without_edits(ours, std::nullopt, kEdits)) == json::object());
  CHECK(ours.find('\n') + 1 < ours.size());  // made to be read
}

TEST_CASE("changed_files: lines go to the end and come out of the middle") {
  const std::vector<Edit> ours = {lines("# ours\nx=1\n")};
  CHECK(*with_edits(std::nullopt, ours) == "# ours\nx=1\n");
  CHECK(*with_edits("a=1", ours) == "a=1\n# ours\nx=1\n");
  CHECK(*without_edits("a=1\n# ours\nx=1\nb=2\n", "a=1\n", ours) == "a=1\nb=2\n");
  const auto changed = without_edits("# ours\nx=2\n", std::nullopt, ours);
  REQUIRE_FALSE(changed);
  CHECK(changed.error().code == Errc::refused);
}

}  // namespace
}  // namespace fairlead::agent::cover
