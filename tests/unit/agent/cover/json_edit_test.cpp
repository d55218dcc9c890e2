#include "agent/cover/json_edit.hpp"

#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

namespace fairlead::agent::cover {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kDeep = {"policies", "Certificates", "Install"};
constexpr std::array<std::string_view, 1> kFlat = {"CACertificates"};

std::string with(std::string_view text, JsonKeys keys = kDeep, std::string_view item = "/a/b.crt") {
  auto done = json_list_with(text, keys, item);
  REQUIRE(done);
  return *done;
}
std::string without(std::string_view text, JsonKeys keys = kDeep, std::string_view item = "/a/b.crt") {
  auto done = json_list_without(text, keys, item);
  REQUIRE(done);
  return *done;
}

TEST_CASE("json_edit: one text goes in, and every other byte stands as before") {
  const std::string_view kFiles[] = {
      "{}",
      "{ }\n",
      R"({"policies": {}})",
      R"({"policies": {"Certificates": {}}})",
      R"({"policies": {"Certificates": {"Install": [ ]}}})",
      R"({"policies": {"Certificates": {"Install": ["/x.crt" , "/y.crt"]}}})",
      "{\r\n\t\"policies\" :\r\n\t{ \"Homepage\": {\"URL\": \"https://a.example/\\\"}]\"}, \"Odd\": 1.50e+01 "
      "}\r\n}\r\n",
      R"({"other": [1, [2, {"policies": {"Certificates": 3}}]], "policies": {"A": null, "Certificates": {"B": true}}})",
      "\xEF\xBB\xBF{\"policies\": {\"Certificates\": {\"Install\": []}}}",
  };
  for (const std::string_view before : kFiles) {
    INFO(before);
    const std::string after = with(before);
    CHECK(json::parse(after)["policies"]["Certificates"]["Install"][0] == "/a/b.crt");
    CHECK(*json_list_holds(after, kDeep, "/a/b.crt"));
    CHECK_FALSE(*json_list_holds(before, kDeep, "/a/b.crt"));
    // What was there is there still, in one piece before and one behind.
    std::size_t same = 0;
    while (same < before.size() && before[same] == after[same]) ++same;
    CHECK(after.ends_with(before.substr(same)));
  }
  CHECK(json::parse(with("{}", kFlat, "QUJD")) == json::parse(R"({"CACertificates": ["QUJD"]})"));
}

TEST_CASE("json_edit: one text comes out, wherever it stands") {
  constexpr std::string_view kMany = R"({"policies": {"Certificates": {"Install": [ "/x" ,"/y", "/z" ], "C": 1}}})";
  for (const std::string_view item : {"/x", "/y", "/z"}) {
    const json left = json::parse(without(kMany, kDeep, item));
    CHECK(left["policies"]["Certificates"]["Install"].size() == 2);
    CHECK_FALSE(*json_list_holds(left.dump(), kDeep, item));
    CHECK(left["policies"]["Certificates"]["C"] == 1);
  }
  CHECK(without(kMany, kDeep, "/w") == kMany);
  CHECK(without("{}") == "{}");
}

TEST_CASE("json_edit: a list that holds nothing more goes, with its comma") {
  CHECK(json::parse(without(R"({"policies": {"Certificates": {"Install": ["/a/b.crt"], "C": 1}}})")) ==
        json::parse(R"({"policies": {"Certificates": {"C": 1}}})"));
  CHECK(json::parse(without(R"({"policies": {"Certificates": {"C": 1, "Install": ["/a/b.crt"]}}})")) ==
        json::parse(R"({"policies": {"Certificates": {"C": 1}}})"));
  CHECK(json::parse(without(R"({"CACertificates": ["QUJD"]})", kFlat, "QUJD")) == json::object());
}

TEST_CASE("json_edit: keys and texts are compared as they are meant, not as they are written") {
  constexpr std::string_view kEscaped = "{\"\\u0070olicies\": {\"Certificates\": {\"Install\": [\"\\/a\\/b.crt\"]}}}";
  CHECK(*json_list_holds(kEscaped, kDeep, "/a/b.crt"));
  CHECK(json::parse(without(kEscaped))["policies"]["Certificates"] == json::object());
}

TEST_CASE("json_edit: of two keys that are the same, the one that readers take") {
  constexpr std::string_view kTwice = R"({"policies": {"A": 1}, "policies": {"B": 2}})";
  const json after = json::parse(with(kTwice));
  CHECK(after["policies"]["B"] == 2);
  CHECK(after["policies"]["Certificates"]["Install"][0] == "/a/b.crt");
}

TEST_CASE("json_edit: a value goes in and comes out, and every other byte stands as before") {
  constexpr std::string_view kBefore =
      "{\r\n\t\"policies\" : { \"Odd\": 1.50e+01 ,\"Proxy\": {\"Mode\": \"none\"} }\r\n}";
  constexpr std::array<std::string_view, 2> kProxy = {"policies", "Proxy"};
  constexpr std::array<std::string_view, 3> kNew = {"policies", "Preferences", "a.b"};
  const std::string replaced = *json_value_with(kBefore, kProxy, R"({"Mode": "manual"})");
  CHECK(replaced == "{\r\n\t\"policies\" : { \"Odd\": 1.50e+01 ,\"Proxy\": {\"Mode\": \"manual\"} }\r\n}");
  CHECK(*json_value_with(replaced, kProxy, R"({"Mode": "none"})") == kBefore);
  CHECK(*json_at(replaced, kProxy) == R"({"Mode": "manual"})");
  const std::string added = *json_value_with(kBefore, kNew, "false");
  CHECK(json::parse(added)["policies"]["Preferences"]["a.b"] == false);
  CHECK(added.ends_with(kBefore.substr(kBefore.find(" \"Odd"))));
  CHECK_FALSE(*json_at(kBefore, kNew));
  CHECK(json::parse(*json_value_without(added, kNew))["policies"]["Preferences"] == json::object());
  CHECK(*json_value_without(kBefore, kNew) == kBefore);
  const auto no_object = json_value_with(R"({"policies": {"Preferences": 3}})", kNew, "false");
  REQUIRE_FALSE(no_object);
  CHECK(no_object.error().context == "'Preferences' is no object");
}

TEST_CASE("json_edit: what is no JSON, or of another shape, is left alone and named") {
  for (const std::string_view text : {"", "[]", "{", "{\"a\": 1,}", "// remark\n{}", "\xFF{}", "\"policies\""}) {
    CHECK_FALSE(json_list_with(text, kDeep, "x"));
    CHECK_FALSE(json_list_without(text, kDeep, "x"));
    CHECK_FALSE(json_list_holds(text, kDeep, "x"));
    CHECK_FALSE(json_at(text, kDeep));
    CHECK_FALSE(json_value_with(text, kDeep, "1"));
    CHECK_FALSE(json_value_without(text, kDeep));
  }
  const auto no_object = json_list_with(R"({"policies": {"Certificates": []}})", kDeep, "x");
  REQUIRE_FALSE(no_object);
  CHECK(no_object.error().context == "'Certificates' is no object");
  const auto no_list = json_list_with(R"({"policies": {"Certificates": {"Install": "y"}}})", kDeep, "x");
  REQUIRE_FALSE(no_list);
  CHECK(no_list.error().context == "'Install' is no list");
  CHECK(*json_at(R"({"CACertificates": 3})", kFlat) == "3");
  CHECK_FALSE(*json_at(R"({"other": {"CACertificates": []}})", kFlat));
}

}  // namespace
}  // namespace fairlead::agent::cover
