#include "agent/console/desk/copy.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "agent/console/desk/review.hpp"
#include "agent/console/desk/timeline.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/events/export.hpp"
#include "agent/pages/plain_forms.hpp"

namespace fairlead::agent::console::desk {

using nlohmann::ordered_json;
using pages::Html;

namespace {

// What is written about a person. Of the others (tasks, alerts, changes) none is.
constexpr std::array<std::string_view, 6> kAboutPeople = {"review", "access",        "export",
                                                          "appeal", "appeal_answer", "agreement"};

ordered_json incident_json(const events::Incident& incident) {
  return {{"number", incident.number},
          {"categories", incident.categories},
          {"risk", incident.risk},
          {"severity", incident.severity},
          {"state", to_string(incident.state)},
          {"first", events::utc_text(incident.first)},
          {"last", events::utc_text(incident.last)},
          {"visits", incident.navigations},
          {"entries", incident.count}};
}

ordered_json entry_json(const events::Entry& entry) {
  ordered_json out = {{"time", events::utc_text(entry.time)}, {"kind", entry.kind}, {"subject", entry.subject}};
  const auto body = ordered_json::parse(entry.body, nullptr, false);
  if (body.is_object() && !body.empty()) out["says"] = body;
  return out;
}

/// Entries that belong together are weighed as one: that is about the person too.
Html incidents_of(const Visit& visit, const PersonCopy& copy) {
  Html part;
  if (copy.incidents.empty()) return part;
  part.raw(
      "<section aria-labelledby=\"together\">\n<h2 id=\"together\">Entries that were counted together</h2>\n<ul>\n");
  for (const events::Incident& incident : copy.incidents) {
    part.raw("<li>").text(category_title(visit, incident.category)).raw(": ").text(pattern_words(visit, incident));
    part.raw(", from ").text(told_time(visit, incident.first)).raw(" to ").text(told_time(visit, incident.last));
    part.raw(". ").text(severity_word(incident.severity)).raw(", ").text(weighed_words(incident.weighed));
    part.raw(". ").text(state_words(incident.state)).raw(".</li>\n");
  }
  return std::move(part.raw("</ul>\n</section>\n"));
}

}  // namespace

std::string_view entry_words(std::string_view kind) {
  if (kind == "review") return "The safeguarding lead looked at it and decided";
  if (kind == "access") return "Somebody looked at entries about you";
  if (kind == "export") return "Entries about you were saved as a file";
  if (kind == "appeal") return "You asked for a site to be opened";
  if (kind == "appeal_answer") return "You were answered";
  return "You agreed to how this laptop is used";
}

Result<PersonCopy> read_copy(const Visit& visit, const std::string& person) {
  PersonCopy copy;
  copy.person = person;
  events::IncidentFilter about;
  about.person = person;
  about.limit = SIZE_MAX / 4;
  auto incidents = visit.desk.store.incidents(about);
  if (!incidents) return tl::unexpected(std::move(incidents).error());
  copy.incidents = std::move(*incidents);
  events::Filter filter;
  filter.person = person;
  auto events = visit.desk.store.list(filter);
  if (!events) return tl::unexpected(std::move(events).error());
  copy.events = std::move(*events);
  events::EntryFilter entries;
  entries.person = person;
  for (const std::string_view kind : kAboutPeople) {
    entries.kind = kind;
    auto found = visit.desk.store.entries(entries);
    if (!found) return tl::unexpected(std::move(found).error());
    for (events::Entry& entry : *found) {
      entry.actor.clear();  // whoever looked or decided is another person
      if (kind == "access" || kind == "export") entry.body.clear();
      copy.entries.push_back(std::move(entry));
    }
  }
  std::stable_sort(copy.entries.begin(), copy.entries.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  return copy;
}

Html copy_as_page(const Visit& visit, const PersonCopy& copy) {
  Html main;
  main.raw("<section class=\"panel\">\n<h1>What is recorded about ")
      .text(copy.person)
      .raw("</h1>\n<p class=\"says\">Made ");
  main.text(told_time(visit, visit.desk.now))
      .raw(". Only stopped or noted pages are recorded; sites that open normally leave no trace. ");
  main.raw("Nothing here decides about anybody by itself.</p>\n</section>\n");
  main.raw("<section aria-labelledby=\"entries\">\n<h2 id=\"entries\">")
      .text(counted(copy.events.size(), "entry", "entries"))
      .raw("</h2>\n")
      .part(timeline(visit, copy.events, Noise::open))
      .raw("</section>\n")
      .part(incidents_of(visit, copy))
      .raw("<section aria-labelledby=\"done\">\n<h2 id=\"done\">What was done with them</h2>\n");
  if (copy.entries.empty()) main.raw("<p>Nothing yet.</p>\n");
  if (!copy.entries.empty()) {
    main.raw("<ol class=\"history\">\n");
    std::size_t looks = 0;
    for (const events::Entry& entry : copy.entries) {
      if (entry.kind == "access") {
        ++looks;
        continue;
      }
      main.raw("<li><p><strong>")
          .text(entry_words(entry.kind))
          .raw("</strong> ")
          .text(told_time(visit, entry.time))
          .raw("</p>\n");
      const Review review = entry.kind == "review" ? from_body(entry.body) : Review{};
      if (const auto state = events::state_from(review.state)) main.raw("<p>").text(state_words(*state)).raw("</p>\n");
      main.part(review_facts(visit, review)).raw("</li>\n");
    }
    if (looks > 0) {
      main.raw("<li><p><strong>").text(entry_words("access")).raw("</strong> ");
      main.text(counted(looks, "time", "times")).raw("; the file for programs lists each.</p></li>\n");
    }
    main.raw("</ol>\n");
  }
  return std::move(
      main.raw("</section>\n<p class=\"meta unprinted\">Before you hand it over: read the notes, and take out what is "
               "about somebody else.</p>\n"));
}

std::string copy_as_json(const Visit& visit, const PersonCopy& copy) {
  ordered_json out = {{"about", copy.person},
                      {"made", events::utc_text(visit.desk.now)},
                      {"purpose", "a copy for the person; not for any other use"},
                      {"incidents", ordered_json::array()},
                      {"events", ordered_json::array()},
                      {"entries", ordered_json::array()}};
  for (const auto& incident : copy.incidents) out["incidents"].push_back(incident_json(incident));
  for (const auto& stored : copy.events) {
    auto event = ordered_json::parse(events::json_line(stored), nullptr, false);
    if (stored.merged > 0) {
      event["more_like_it"] = stored.merged;
      event["more_until"] = events::utc_text(stored.merged_until);
    }
    out["events"].push_back(std::move(event));
  }
  for (const auto& entry : copy.entries) out["entries"].push_back(entry_json(entry));
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string erasure_body(std::uint64_t entries, std::string_view reason) {
  return pages::json_text(ordered_json{{"entries", entries}, {"reason", reason}});
}

}  // namespace fairlead::agent::console::desk
