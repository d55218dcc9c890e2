#include "agent/siem/otlp_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "samples.hpp"

namespace fairlead::agent::siem {
namespace {

using nlohmann::json;

TEST_CASE("otlp_body: records with a stable id, and nobody named") {
  const std::string body = otlp_body({sample(), sample()}, mapping_of(""), "hub1");
  const json parsed = json::parse(body);
  const json& resource = parsed["resourceLogs"][0];
  CHECK(resource["resource"]["attributes"][0]["value"]["stringValue"] == "fairlead-hub");
  const json& records = resource["scopeLogs"][0]["logRecords"];
  REQUIRE(records.size() == 2);
  CHECK(records[0]["timeUnixNano"] == "1780000000007000000");
  CHECK(records[0]["observedTimeUnixNano"] == "1780000002007000000");
  CHECK(records[0]["severityNumber"] == 13);
  CHECK(records[0]["attributes"][0] ==
        json{{"key", "log.record.uid"}, {"value", {{"stringValue", "0123456789abcdef0123456789abcdef"}}}});
  CHECK(records[0]["attributes"].size() == 7);
  for (const char* personal : {"ada", "d1", "bets.example"}) CHECK(body.find(personal) == std::string::npos);
}

TEST_CASE("otlp_body: any text arrives as it was, and what is no UTF-8 breaks nothing") {
  Record record = sample();
  for (const std::string& text : {std::string("a\"b\\]\n\r\x1b"), std::string("'; DROP TABLE events; --")}) {
    record.fields[0] = text;
    const json parsed = json::parse(otlp_body({record}, mapping_of("fields: {category: c}\n"), "hub"));
    CHECK(parsed["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["attributes"][1]["value"]["stringValue"] == text);
  }
  record.fields[0] = "\xff\xfe";
  CHECK(json::parse(otlp_body({record}, mapping_of(""), "hub"), nullptr, false).is_object());
}

TEST_CASE("refused_records: what the receiver says that it will never take") {
  CHECK(refused_records("") == 0);
  CHECK(refused_records("{}") == 0);
  CHECK(refused_records(R"({"partialSuccess":{"rejectedLogRecords":"3"}})") == 3);
  CHECK(refused_records(R"({"partialSuccess":{"rejectedLogRecords":4}})") == 4);
  CHECK(refused_records(R"({"partialSuccess":[]})") == 0);
}

}  // namespace
}  // namespace fairlead::agent::siem
