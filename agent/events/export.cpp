#include "agent/events/export.hpp"

#include <array>
#include <cstdio>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace fairlead::agent::events {
namespace {

using Columns = std::vector<std::pair<std::string_view, std::string>>;

/// All plain fields, in the order of the columns.
Columns columns_of(const Stored& stored) {
  const Event& event = stored.event;
  return {{"device", stored.device},
          {"epoch", std::to_string(stored.epoch)},
          {"sequence", std::to_string(stored.sequence)},
          {"id", event.id},
          {"time", utc_text(event.time)},
          {"kind", std::string(to_string(event.kind))},
          {"person", event.person},
          {"found", event.found},
          {"group", event.group},
          {"category", event.category},
          {"risk", event.risk},
          {"severity", event.severity},
          {"review", event.review},
          {"host", event.host},
          {"url", event.url},
          {"words", event.words},
          {"method", event.method},
          {"navigation", std::string(to_string(event.navigation))},
          {"navigation_sign", event.navigation_sign},
          {"level", event.level},
          {"rule", event.rule},
          {"source", event.source},
          {"span", event.span},
          {"ruleset_id", event.ruleset_id},
          {"policy_version", event.policy_version},
          {"erased", stored.erased ? "true" : "false"}};
}

std::string cell(std::string_view value) {
  std::string out = "\"";
  // Tab and carriage return are skipped by spreadsheets before they look for a formula.
  if (!value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos) out += '\'';
  for (const char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

/// "accident 2026-03-29T00:59:59.123Z: the words; wrong ..."
std::string reports_text(const std::vector<Report>& reports) {
  std::string out;
  for (const Report& report : reports) {
    if (!out.empty()) out += "; ";
    out += std::string(to_string(report.kind)) + ' ' + utc_text(report.time);
    if (!report.words.empty()) out += ": " + report.words;
  }
  return out;
}

}  // namespace

std::string utc_text(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 40> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string json_line(const Stored& stored) {
  nlohmann::ordered_json out;
  for (auto& [name, value] : columns_of(stored)) out[std::string(name)] = std::move(value);
  out["epoch"] = stored.epoch;
  out["sequence"] = stored.sequence;
  out["erased"] = stored.erased;
  auto losers = nlohmann::ordered_json::parse(stored.event.losers, nullptr, false);
  out["losers"] = losers.is_array() ? std::move(losers) : nlohmann::ordered_json::array();
  out["reports"] = nlohmann::ordered_json::array();
  for (const Report& report : stored.reports)
    out["reports"].push_back({{"kind", to_string(report.kind)},
                              {"time", utc_text(report.time)},
                              {"person", report.person},
                              {"words", report.words}});
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string csv_header() {
  std::string out;
  for (const auto& [name, _] : columns_of(Stored{})) out += cell(name) + ',';
  return out + cell("reports") + "\r\n";
}

std::string csv_record(const Stored& stored) {
  std::string out;
  for (const auto& [_, value] : columns_of(stored)) out += cell(value) + ',';
  return out + cell(reports_text(stored.reports)) + "\r\n";
}

}  // namespace fairlead::agent::events
