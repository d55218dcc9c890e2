// The page of an evidence pack: plain sentences and tables, nothing that loads or runs.

#include <nlohmann/json.hpp>

#include "agent/events/export.hpp"
#include "agent/events/pack_parts.hpp"
#include "agent/pages/escape.hpp"

namespace fairlead::agent::events {
namespace {

using pages::Html;

/// A value as people read it.
std::string shown(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return "(erased)";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_object()) return "(bytes) " + found->value("hex", "");
  if (found->is_array()) {
    std::string out;
    for (const Json& one : *found) out += (out.empty() ? "" : " → ") + (one.is_string() ? one.get<std::string>() : "");
    return out;
  }
  return found->dump();
}

std::string time_of(const Json& row) {
  return utc_text(TimePoint(std::chrono::milliseconds(row["time"].get<std::int64_t>())));
}

void row(Html& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.raw("<tr><th scope=\"row\">").text(name).raw("</th><td>").text(value).raw("</td></tr>\n");
}

void add_incident(Html& out, const Json& incident) {
  out.raw("<section>\n<h2>Incident ").text(shown(incident, "number")).raw("</h2>\n<table>\n<tbody>\n");
  const bool erased = incident.value("erased", false);
  row(out, "Person",
      erased                                 ? "(erased)"
      : incident.value("person", "").empty() ? "not known"
                                             : shown(incident, "person"));
  row(out, "Group", shown(incident, "group"));
  row(out, "Category", shown(incident, "category"));
  row(out, "Path", shown(incident, "path"));
  row(out, "Risk", shown(incident, "risk"));
  row(out, "Severity", shown(incident, "severity"));
  row(out, "Pattern", shown(incident, "pattern"));
  row(out, "State", shown(incident, "state"));
  row(out, "First", shown(incident, "first"));
  row(out, "Last", shown(incident, "last"));
  row(out, "Events", shown(incident, "events"));
  row(out, "Visits", shown(incident, "visits"));
  out.raw("</tbody>\n</table>\n</section>\n");
}

void add_event(Html& out, const Json& event) {
  out.raw("<section>\n<h3>").text(time_of(event)).raw(" ").text(shown(event, "id")).raw("</h3>\n<table>\n<tbody>\n");
  constexpr std::pair<std::string_view, std::string_view> kRows[] = {{"What happened", "kind"},
                                                                     {"Person", "person"},
                                                                     {"Found by", "found"},
                                                                     {"Group", "group"},
                                                                     {"Address", "url"},
                                                                     {"Host", "host"},
                                                                     {"Search words", "words"},
                                                                     {"Did a person go there", "navigation"},
                                                                     {"The sign that told", "navigation_sign"},
                                                                     {"Category", "category"},
                                                                     {"Risk", "risk"},
                                                                     {"Severity", "severity"},
                                                                     {"Rule", "rule"},
                                                                     {"Where it stands", "source"},
                                                                     {"What it matched", "span"},
                                                                     {"Level", "level"},
                                                                     {"Method", "method"},
                                                                     {"Rules in force", "ruleset_id"},
                                                                     {"Policy", "policy_version"},
                                                                     {"Row", "sequence"}};
  for (const auto& [label, name] : kRows) row(out, label, shown(event, name));
  out.raw("</tbody>\n</table>\n</section>\n");
}

void add_said(Html& out, const Json& evidence) {
  if (!evidence["reports"].empty()) {
    out.raw("<h2>What the person said on the page</h2>\n<table>\n<thead><tr><th scope=\"col\">Time (UTC)</th>");
    out.raw(
        "<th scope=\"col\">Event</th><th scope=\"col\">Kind</th><th scope=\"col\">Words</th></tr></thead>\n<tbody>\n");
    for (const Json& one : evidence["reports"]) {
      out.raw("<tr><td>").text(time_of(one)).raw("</td><td>row ").text(shown(one, "event")).raw("</td><td>");
      out.text(shown(one, "kind")).raw("</td><td>").text(shown(one, "words")).raw("</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n");
  }
  if (evidence["entries"].empty()) return;
  out.raw("<h2>What was done</h2>\n<table>\n<thead><tr><th scope=\"col\">Time (UTC)</th><th scope=\"col\">Kind</th>");
  out.raw("<th scope=\"col\">State</th><th scope=\"col\">By</th><th scope=\"col\">Noted</th></tr></thead>\n<tbody>\n");
  for (const Json& one : evidence["entries"]) {
    out.raw("<tr><td>").text(time_of(one)).raw("</td><td>").text(shown(one, "kind")).raw("</td><td>");
    out.text(shown(one, "state")).raw("</td><td>").text(shown(one, "actor")).raw("</td><td>");
    out.text(shown(one, "body")).raw("</td></tr>\n");
  }
  out.raw("</tbody>\n</table>\n");
}

void add_proof(Html& out, const Json& evidence) {
  out.raw("<h2>How this page can be checked</h2>\n<p>Run <code>fairlead events verify</code> with this file, on any ");
  out.raw("machine. Each field and each line of this page is covered by a signature of the laptop it comes from; a ");
  out.raw(
      "change of any of them is named. Compare the device below with the one that the organisation has on record: ");
  out.raw("it tells whose signature it is.</p>\n<table>\n<tbody>\n");
  row(out, "Device", shown(evidence, "device"));
  row(out, "Public key", shown(evidence, "public_key"));
  row(out, "Rows in the store", shown(evidence["store"], "events"));
  out.raw(
      "</tbody>\n</table>\n<p>The laptop checked its whole store, row by row, before it signed. What is proved is ");
  out.raw(
      "that these rows stand in that store as they were written. It is not proved that the account named was used ");
  out.raw("by its owner, nor that these are all the events there were.</p>\n");
}

}  // namespace

PackPage pack_page(const Json& evidence) {
  Html out;
  out.raw("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n");
  out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
  out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Evidence pack</title>\n");
  out.raw("<style>\n:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;");
  out.raw("margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%;margin:0 0 1rem}");
  out.raw("th,td{text-align:left;vertical-align:top;padding:.2rem .6rem;border-bottom:1px solid #8888;");
  out.raw("overflow-wrap:anywhere}th[scope=row]{width:14rem;font-weight:600}section{break-inside:avoid}\n</style>\n");
  out.raw("</head>\n<body>\n<main>\n<h1>Evidence pack</h1>\n<p>Made on ");
  out.text(utc_text(TimePoint(std::chrono::milliseconds(evidence["made"].get<std::int64_t>()))));
  if (const std::string by = shown(evidence, "made_by"); !by.empty()) out.raw(" by ").text(by);
  out.raw(". It holds ").text(std::to_string(evidence["events"].size())).raw(" events. It names people: ");
  out.raw("keep it as safe as any safeguarding record, and delete it when it is no longer needed.</p>\n");
  for (const Json& incident : evidence["incidents"]) add_incident(out, incident);
  add_said(out, evidence);
  out.raw("<h2>Events</h2>\n");
  for (const Json& event : evidence["events"]) add_event(out, event);
  add_proof(out, evidence);
  out.raw("</main>\n");
  return {out.str(), "\n</body>\n</html>\n"};
}

}  // namespace fairlead::agent::events
