#include "agent/command/cover_record.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"

namespace fairlead::agent::command {

using nlohmann::json;

namespace {

constexpr std::chrono::days kHealthKept{1095};
constexpr std::chrono::minutes kFresh{15};  // three rounds of the timer
constexpr std::size_t kMostParts = 16, kMostLines = 64, kMostName = 32, kMostLine = 200;
constexpr std::string_view kWays = "ways", kInForce = "in_force", kWasGone = "was_gone";

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kMostName &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-'; });
}

/// As many and as much as is kept.
std::vector<std::string> lines_in(const json& object, const char* key) {
  std::vector<std::string> lines = events::texts_in(object, key);
  lines.resize(std::min(lines.size(), kMostLines));
  for (std::string& line : lines) line.resize(std::min(line.size(), kMostLine));
  return lines;
}

std::vector<std::string> those_not_in(const std::vector<std::string>& lines, const std::vector<std::string>& others) {
  std::vector<std::string> out;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(out),
               [&](const std::string& line) { return std::find(others.begin(), others.end(), line) == others.end(); });
  return out;
}

}  // namespace

events::Entry health_entry(std::string subject, const json& body, WallTime now) {
  events::Entry entry;
  entry.time = now;
  entry.keep = now + kHealthKept;
  entry.kind = "health";
  entry.subject = std::move(subject);
  entry.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return entry;
}

Result<CoverReport> read_cover_report(const json& request) {
  CoverReport report{events::text_in(request, "part"), events::text_in(request, "state"), lines_in(request, "what")};
  if (is_word(report.part) && is_word(report.state)) return report;
  return fail(Errc::bad_message, Side::client,
              "a report of cover needs a part and a state, each in small letters: {\"part\": \"firewall\", \"state\": "
              "\"in_force\"}");
}

void Cover::recall(const std::vector<events::Entry>& newest_first) {
  std::set<std::string> seen;
  for (const events::Entry& entry : newest_first) {
    const json body = json::parse(entry.body, nullptr, false);
    if (!body.is_object() || (entry.subject != "cover_lost" && entry.subject != "cover_restored")) continue;
    const std::string part = events::text_in(body, "part");
    // What was reported since the start knows better.
    if (!is_word(part) || !seen.insert(part).second || parts_.contains(part)) continue;
    const auto lost = events::number_in(body, "lost");
    parts_[part] = {lines_in(body, "open"), lost ? WallTime(std::chrono::milliseconds(*lost)) : entry.time};
  }
}

std::vector<events::Entry> Cover::take(const CoverReport& report, const platform::Clocks& now) {
  std::vector<events::Entry> entries;
  if (!parts_.contains(report.part) && parts_.size() >= kMostParts) return entries;
  reported_ = now.wall;
  if (report.part == kWays) fresh_until_ = now.since_boot + kFresh;
  Part& part = parts_[report.part];
  const bool was_gone = report.state == kWasGone, whole = report.state == kInForce;
  std::vector<std::string> open = report.what;
  if (open.empty()) open.push_back(was_gone ? "gone" : report.state);
  const auto note = [&](const char* subject, const std::vector<std::string>& what) {
    if (what.empty()) return;
    entries.push_back(health_entry(
        subject, {{"part", report.part}, {"what", what}, {"open", part.open}, {"lost", number(part.lost)}}, now.wall));
  };
  if (was_gone) open.insert(open.end(), part.open.begin(), part.open.end());
  if (!whole) {
    const auto lost = those_not_in(open, part.open);
    const auto restored = those_not_in(part.open, open);
    if (part.open.empty()) part.lost = now.wall;
    part.open = open;
    note("cover_lost", lost);
    if (!was_gone) note("cover_restored", restored);
  }
  if (whole || was_gone) note("cover_restored", std::exchange(part.open, {}));
  return entries;
}

json Cover::told(const platform::Clocks& now) const {
  json open = json::array();
  std::optional<WallTime> lost;
  for (const auto& [name, part] : parts_) {
    for (const std::string& line : part.open) {
      std::string told = name == kWays ? std::string() : name + ": ";
      open.push_back(told.append(line));
    }
    if (!part.open.empty() && (!lost || part.lost < *lost)) lost = part.lost;
  }
  const bool known = now.since_boot < fresh_until_;
  const auto number_or_null = [](const std::optional<WallTime>& time) { return time ? json(number(*time)) : json(); };
  return {{"state", lost    ? "open"
                    : known ? "covered"
                            : "unknown"},
          {"reported", number_or_null(reported_)},
          {"lost", number_or_null(lost)},
          {"open", std::move(open)}};
}

}  // namespace fairlead::agent::command
