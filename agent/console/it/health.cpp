#include <nlohmann/json.hpp>

#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"
#include "agent/events/json_fields.hpp"

namespace fairlead::agent::console::it {

using nlohmann::json;
using pages::Html;

namespace {

std::string text_at(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

json part_of(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found == object.end() ? json() : *found;
}

void fact(Html& facts, std::string_view name, std::string_view value) {
  facts.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>\n");
}

Html sentences(const json& list) {
  Html part;
  if (!list.is_array() || list.empty()) return part;
  part.raw("<ul class=\"lines\">\n");
  for (const json& one : list) {
    if (one.is_string()) part.raw("<li>").text(one.get<std::string>()).raw("</li>\n");
  }
  return std::move(part.raw("</ul>\n"));
}

std::string day_in(const std::string& utc) {
  return utc.size() < 16 ? utc : utc.substr(0, 10) + " " + utc.substr(11, 5) + " UTC";
}

std::string_view heading(bool trouble) { return trouble ? "The filter is on, and needs you" : "The filter is on"; }

/// Of milliseconds since 1970.
std::string time_at(const Visit& visit, const json& object, const char* key) {
  return told_time(visit, events::number_in(object, key), "");
}

std::string cover_words(const Visit& visit, const json& cover) {
  const std::string state = text_at(cover, "state"), reported = time_at(visit, cover, "reported");
  const std::string last = reported.empty() ? "" : "; last report " + reported;
  if (state == "covered") return "nothing known gets past the filter" + last;
  if (state == "open") return "something gets past the filter, found " + time_at(visit, cover, "lost") + last;
  return "not known: nobody has reported for a while ('fairlead self-check --report')" + last;
}

}  // namespace

pages::Answer health_page(const Visit& visit) {
  const std::string told = visit.desk.hands.status ? visit.desk.hands.status() : std::string();
  const json status = json::parse(told, nullptr, false);
  const json rules = part_of(status, "rules"), events = part_of(status, "events");
  const json warnings = part_of(status, "warnings"), problems = part_of(rules, "problems");
  const json cover = part_of(status, "cover"), pause = part_of(status, "pause");
  const std::string covered = text_at(cover, "state");
  const bool refused = part_of(rules, "last_load_refused") == json(true);
  const bool trouble = refused || !text_at(events, "trouble").empty() || part_of(rules, "builtin") == json(true);
  Html main;
  main.raw("<section class=\"panel\">\n<h1>");
  main.text(pause.is_object() ? "Filtering rests" : heading(trouble || covered == "open"));
  main.raw("</h1>\n<p class=\"says\">");
  if (pause.is_object()) {
    main.raw("Until ").text(time_at(visit, pause, "until")).raw(", because: ").text(text_at(pause, "because"));
    main.raw(". What would be stopped is let through and written down, but for statutory lists.");
  } else if (refused) {
    main.raw("The files on the disk have mistakes, so that the rules from before are in force.");
  } else if (!text_at(events, "trouble").empty()) {
    main.raw("What is stopped cannot be written down at the moment; filtering goes on.");
  } else if (covered == "open") {
    main.raw("Programs of this laptop can get past it: see what to look after.");
  } else {
    main.raw("The rules are loaded, and what is stopped is written down.");
  }
  main.raw("</p>\n</section>\n<dl class=\"facts\">\n");
  fact(main, "Rules in force", text_at(rules, "id").substr(0, 16));
  fact(main, "Since", day_in(text_at(rules, "since")));
  fact(main, "Categories", text_at(rules, "categories"));
  fact(main, "Requests since the start", text_at(status, "requests"));
  fact(main, "Of these stopped", text_at(status, "blocked"));
  fact(main, "Entries written", text_at(events, "recorded"));
  fact(main, "Entries waiting", text_at(events, "waiting"));
  fact(main, "Entries lost", text_at(events, "lost"));
  const json authority = part_of(status, "authority");
  fact(main, "Certificate authority",
       authority.is_object() ? "good until " + text_at(authority, "good_until").substr(0, 10)
                             : "none: a stopped HTTPS site shows the browser's own error");
  fact(main, "Cover", cover_words(visit, cover));
  main.raw("</dl>\n");
  if (const Html list = sentences(problems); !list.empty())
    main.raw("<section aria-labelledby=\"load\">\n<h2 id=\"load\">What the last load said</h2>\n")
        .part(list)
        .raw("</section>\n");
  if (const Html list = sentences(warnings); !list.empty())
    main.raw("<section aria-labelledby=\"care\">\n<h2 id=\"care\">To look after</h2>\n").part(list).raw("</section>\n");
  main.part(lately(visit));
  main.raw("<p><a class=\"go\" href=\"/it/lists\">Lists and their reports</a></p>\n");
  return page(visit, 200, "Health", main);
}

pages::Answer lists_page(const Visit& visit) {
  const std::string told = visit.desk.hands.lists ? visit.desk.hands.lists() : std::string();
  const json all = json::parse(told, nullptr, false);
  Html main;
  main.raw("<h1>Lists</h1>\n<p class=\"lead\">Lists that others publish, as lists.yaml names them.</p>\n");
  if (!all.is_array() || all.empty()) {
    main.raw("<p>lists.yaml names no list.</p>\n");
    return page(visit, 200, "Lists", main);
  }
  main.raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Lists\">\n<table>\n<thead><tr><th "
      "scope=\"col\">List</th><th scope=\"col\">Entries in force</th><th scope=\"col\">Fetched</th><th "
      "scope=\"col\">Next</th><th scope=\"col\">From</th><th scope=\"col\">News</th></tr></thead>\n<tbody>\n");
  for (const json& list : all) {
    main.raw("<tr><th scope=\"row\">").text(text_at(list, "id")).raw("<br>").text(text_at(list, "title"));
    main.raw("</th><td>").text(text_at(list, "entries").empty() ? "none" : text_at(list, "entries")).raw("</td><td>");
    main.text(day_in(text_at(list, "fetched_at"))).raw("</td><td>").text(day_in(text_at(list, "next_due")));
    main.raw("</td><td>").text(text_at(list, "from")).raw("</td><td>").text(text_at(list, "news")).raw("</td></tr>\n");
  }
  main.raw("</tbody>\n</table>\n</div>\n");
  return page(visit, 200, "Lists", main);
}

}  // namespace fairlead::agent::console::it
