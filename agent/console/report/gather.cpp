#include "agent/console/report/gather.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "agent/events/json_fields.hpp"

namespace fairlead::agent::console::report {

namespace {

using events::Entry;
using events::EntryFilter;
using events::State;
using events::TimePoint;
using rules::catalog::Category;

Day day_from_number(std::int64_t number) { return Day{std::chrono::days{number}}; }

Seconds between(TimePoint from, TimePoint to) {
  return std::max(Seconds{0}, std::chrono::duration_cast<Seconds>(to - from));
}

events::Kind kind_from(std::string_view text) {
  for (const auto kind : {events::Kind::blocked, events::Kind::observed, events::Kind::passed_through}) {
    if (text == to_string(kind)) return kind;
  }
  return events::Kind::malformed;
}

void add_counts(Figures& figures, const events::Totals& totals, const rules::catalog::Catalog& catalog) {
  std::map<std::string_view, const Category*> categories;
  for (const Category& category : catalog.categories) categories.emplace(category.id, &category);
  std::set<std::int64_t> days;
  figures.events.reserve(totals.events.size());
  for (const auto& count : totals.events) {
    const auto known = categories.find(count.category);
    const bool is_known = known != categories.end();
    figures.events.push_back({day_from_number(count.day), count.category,
                              is_known ? std::string(to_string(known->second->risk)) : "",
                              is_known ? std::string(to_string(known->second->severity)) : "", count.group,
                              kind_from(count.kind), count.events, count.navigations});
    days.insert(count.day);
  }
  for (const auto& count : totals.quiet) {
    figures.quiet.push_back({day_from_number(count.day), count.category, count.group, count.count});
    days.insert(count.day);
  }
  for (const auto& count : totals.reports) {
    if (count.kind == to_string(events::ReportKind::accident)) figures.words.accident += count.count;
    if (count.kind == to_string(events::ReportKind::wrong)) figures.words.wrong += count.count;
    if (count.kind == to_string(events::ReportKind::concern)) figures.words.concern += count.count;
    days.insert(count.day);
  }
  figures.cover.days_with_signs = days.size();
}

/// When somebody first opened or reviewed each incident.
Result<std::map<std::uint64_t, TimePoint>> first_looks(const events::Records& store, TimePoint since) {
  std::map<std::uint64_t, TimePoint> looks;
  for (const char* kind : {"access", "review"}) {
    EntryFilter filter;
    filter.kind = kind;
    filter.since = since;
    auto entries = store.entries(filter);
    if (!entries) return tl::unexpected(entries.error());
    for (const Entry& entry : *entries) {
      if (entry.incident == 0) continue;
      const auto [at, fresh] = looks.emplace(entry.incident, entry.time);
      if (!fresh) at->second = std::min(at->second, entry.time);
    }
  }
  return looks;
}

void count_state(IncidentFigures& figures, State state) {
  ++figures.opened;
  switch (state) {
    case State::fresh:
      ++figures.fresh;
      break;
    case State::in_review:
      ++figures.in_review;
      break;
    case State::action_taken:
      ++figures.action;
      break;
    case State::no_action:
      ++figures.none;
      break;
    case State::false_positive:
      ++figures.wrong;
      break;
  }
}

Result<IncidentFigures> incident_figures(const events::Records& store, TimePoint since, TimePoint until,
                                         TimePoint now) {
  IncidentFigures figures;
  const auto summary = store.summary(since, until);
  if (!summary) return tl::unexpected(summary.error());
  const auto looks = first_looks(store, since);
  if (!looks) return tl::unexpected(looks.error());
  std::vector<Seconds> waits;
  for (const events::BegunIncident& incident : summary->begun) {
    count_state(figures, incident.state);
    const auto look = looks->find(incident.number);
    if (look != looks->end()) waits.push_back(between(incident.first, look->second));
  }
  figures.looked_at = waits.size();
  if (!waits.empty()) figures.longest_first_look = *std::max_element(waits.begin(), waits.end());
  figures.usual_first_look = median(std::move(waits));

  figures.open_now = summary->open;
  if (summary->oldest_open) figures.oldest_open = between(*summary->oldest_open, now);
  return figures;
}

/// A field of a JSON body; empty where there is none.
std::string field_of(const std::string& body, const char* name) {
  return events::text_in(nlohmann::json::parse(body, nullptr, false), name);
}

/// Questions of the period, each with the first answer that names the same subject.
Result<AnswerFigures> answer_figures(const events::Records& store, TimePoint since, TimePoint until,
                                     const char* question, const char* answer) {
  EntryFilter filter;
  filter.kind = question;
  filter.since = since;
  filter.until = until;
  const auto asked = store.entries(filter);
  if (!asked) return tl::unexpected(asked.error());
  filter.kind = answer;
  filter.until.reset();
  const auto answered = store.entries(filter);
  if (!answered) return tl::unexpected(answered.error());
  std::map<std::string_view, const Entry*> answers;
  for (const Entry& entry : *answered) answers.emplace(entry.subject, &entry);
  AnswerFigures figures;
  std::vector<Seconds> waits;
  for (const Entry& entry : *asked) {
    ++figures.asked;
    const auto found = answers.find(entry.subject);
    if (found == answers.end()) continue;
    ++figures.answered;
    waits.push_back(between(entry.time, found->second->time));
    const std::string said = field_of(found->second->body, "outcome");
    if (said == "declined") {
      ++figures.declined;
    } else if (!said.empty()) {
      ++figures.agreed;
    }
  }
  if (!waits.empty()) figures.longest = *std::max_element(waits.begin(), waits.end());
  figures.usual = median(std::move(waits));
  return figures;
}

/// An alert is in the book once it arrived.
Result<AlertFigures> alert_figures(const events::Records& store, TimePoint since, TimePoint until,
                                   std::optional<std::uint64_t> waiting) {
  EntryFilter filter;
  filter.kind = "alert";
  filter.since = since;
  filter.until = until;
  const auto alerts = store.entries(filter);
  if (!alerts) return tl::unexpected(alerts.error());
  // A message may tell of several incidents, with an entry for each: its key tells them together.
  std::set<std::string> messages;
  std::uint64_t without_key = 0;
  for (const Entry& alert : *alerts) {
    std::string key = field_of(alert.body, "key");
    if (key.empty()) {
      ++without_key;
    } else {
      messages.insert(std::move(key));
    }
  }
  return AlertFigures{messages.size() + without_key, waiting};
}

Result<void> add_everything(Figures& figures, const events::Records& store, TimePoint since, TimePoint until,
                            const Around& around) {
  auto incidents = incident_figures(store, since, until, around.now);
  if (!incidents) return tl::unexpected(incidents.error());
  auto appeals = answer_figures(store, since, until, "appeal", "appeal_answer");
  if (!appeals) return tl::unexpected(appeals.error());
  auto mending = answer_figures(store, since, until, "task", "task_answer");
  if (!mending) return tl::unexpected(mending.error());
  auto alerts = alert_figures(store, since, until, around.alerts_waiting);
  if (!alerts) return tl::unexpected(alerts.error());
  figures.incidents = *incidents;
  figures.appeals = *appeals;
  figures.mending = *mending;
  figures.alerts = *alerts;
  return {};
}

}  // namespace

std::optional<std::chrono::sys_seconds> rules_made_at(const std::filesystem::path& state) {
  if (state.empty()) return std::nullopt;
  const std::filesystem::path folder = state / "rulesets";
  std::ifstream file(folder / "current");
  std::string name;
  file >> name;
  std::error_code missing;
  const auto written = std::filesystem::last_write_time(folder / (name + ".rules"), missing);
  if (name.empty() || missing) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(written));
}

std::optional<std::uint64_t> alerts_waiting_in(const std::string& status) {
  const auto json = nlohmann::json::parse(status, nullptr, false);
  if (!json.is_object() || !json.contains("alerts") || !json["alerts"].is_object()) return std::nullopt;
  const auto& alerts = json["alerts"];
  const auto number = [](const nlohmann::json& from, const char* name) {
    const auto at = from.find(name);
    return at != from.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
  };
  std::uint64_t waiting = number(alerts, "withdrawn");
  const auto routes = alerts.find("routes");
  if (routes == alerts.end() || !routes->is_array()) return std::nullopt;
  for (const auto& route : *routes) {
    if (route.is_object()) waiting += number(route, "waiting") + number(route, "refused");
  }
  return waiting;
}

Result<Figures> gather(const events::Records& store, const rules::policy::Rules& rules, const Period& period,
                       const Around& around, Depth depth) {
  const TimePoint since = period.first;
  const TimePoint until = period.end;
  const auto totals = store.totals(since, until);
  if (!totals) return tl::unexpected(totals.error());
  Figures figures;
  add_counts(figures, *totals, rules.catalog());
  const Day today = std::chrono::floor<std::chrono::days>(around.now);
  figures.cover.days = static_cast<std::uint64_t>(std::max(0, as_far(period, today).days()));
  figures.cover.told_at = around.now;
  figures.cover.rules_since = around.rules_since;
  figures.cover.built_in_rules = rules.is_builtin();
  figures.cover.laptops = around.laptops;
  figures.cover.lost = store.status().lost;
  if (depth == Depth::counts) return figures;
  if (auto rest = add_everything(figures, store, since, until, around); !rest) return tl::unexpected(rest.error());
  return figures;
}

Result<PeopleCount> count_people(const events::Records& store) {
  const auto members = store.members();
  if (!members) return tl::unexpected(members.error());
  PeopleCount people;
  std::set<std::string_view> all;
  for (const events::Member& member : *members) {
    all.insert(member.person);
    ++people.by_group[member.group];
  }
  people.all = all.size();
  return people;
}

}  // namespace fairlead::agent::console::report
