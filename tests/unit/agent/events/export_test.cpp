#include "agent/events/export.hpp"

#include <nlohmann/json.hpp>

#include "samples.hpp"

namespace fairlead::agent::events {
namespace {

/// Reads RFC 4180 back, as a spreadsheet would.
std::vector<std::string> cells(const std::string& record) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < record.size() && record[at] == '"') {
    std::string value;
    for (++at; at < record.size(); ++at) {
      if (record[at] != '"') {
        value += record[at];
      } else if (at + 1 < record.size() && record[at + 1] == '"') {
        value += record[++at];
      } else {
        break;
      }
    }
    out.push_back(value);
    at += 2;
  }
  return out;
}

Stored stored() {
  Stored row;
  row.device = "0123456789abcdef";
  row.epoch = 1;
  row.sequence = 17;
  row.event = sample(1);
  return row;
}

TEST_CASE("utc_text: ISO 8601 with milliseconds and Z") {
  CHECK(utc_text(moment() + std::chrono::milliseconds(7)) == "2026-03-02T00:00:00.007Z");
  CHECK(utc_text(TimePoint(std::chrono::milliseconds(-1))) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("csv: quotes, commas and line ends stay inside their cell") {
  Stored row = stored();
  row.event.words = "say \"hi\", then\r\nleave";
  row.reports.push_back({"EV1", "learner1", ReportKind::accident, moment(), "one, \"two\""});
  const auto names = cells(csv_header());
  const auto values = cells(csv_record(row));
  REQUIRE(names.size() == values.size());
  const auto value = [&](std::string_view name) {
    return values.at(static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
  };
  CHECK(value("words") == "say \"hi\", then\r\nleave");
  CHECK(value("reports") == "accident 2026-03-02T00:00:00.000Z: one, \"two\"");
  CHECK(value("sequence") == "17");
  CHECK(value("host") == "casino1.example");
  CHECK(csv_record(row).ends_with("\r\n"));
}

TEST_CASE("csv: no cell begins as a formula") {
  Stored row = stored();
  row.event.group = "plain";
  for (const char* attack : {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) {
    row.event.words = attack;
    const auto record = csv_record(row);
    CHECK(record.find(",\"'" + std::string(attack)) != std::string::npos);
  }
  CHECK(csv_record(row).find(",\"plain\"") != std::string::npos);
}

TEST_CASE("json: one line, typed numbers, reports and losers as arrays, broken bytes replaced") {
  Stored row = stored();
  row.event.words = "line\nend \xFF";
  row.event.losers = R"([{"rule":"a"}])";
  row.reports.push_back({"EV1", "learner1", ReportKind::wrong, moment(), "why"});
  const std::string line = json_line(row);
  CHECK(line.find('\n') == std::string::npos);
  const auto parsed = nlohmann::json::parse(line);
  CHECK(parsed["sequence"] == 17);
  CHECK(parsed["erased"] == false);
  CHECK(parsed["losers"][0]["rule"] == "a");
  CHECK(parsed["reports"][0]["kind"] == "wrong");
  CHECK(parsed["reports"][0]["words"] == "why");
  CHECK(parsed["words"] == "line\nend \xEF\xBF\xBD");
  row.event.losers = "no json";
  CHECK(nlohmann::json::parse(json_line(row))["losers"].empty());
}

}  // namespace
}  // namespace fairlead::agent::events
