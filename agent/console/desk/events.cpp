#include <array>

#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/timeline.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kEventsPerPage = 50;
constexpr std::array<std::string_view, 9> kEventFilters = {"person", "words", "category", "severity", "risk",
                                                           "kind",   "since", "until",    kSiteField};
constexpr std::array kEventKinds = {Choice{"", "All"}, Choice{"blocked", "Stopped"},
                                    Choice{"observed", "Let through and noted"},
                                    Choice{"malformed", "Broken requests"}};

events::Filter events_wanted(const Visit& visit) {
  const Form& form = visit.form;
  events::Filter filter;
  filter.person = form.line("person", 200);
  filter.words = form.line("words", 200);
  filter.category = form.line("category", 200);
  filter.severity = form.line("severity", 200);
  filter.risk = form.line("risk", 200);
  filter.kind = form.line("kind", 200);
  filter.since = day_begin(visit, form.line("since", 200));
  filter.until = day_end(visit, form.line("until", 200));
  filter.before = form.number("before", INT64_MAX).value_or(0);
  filter.newest_first = true;
  filter.limit = kEventsPerPage + 1;
  return filter;
}

Html event_filter_form(const Visit& visit) {
  const Form& form = visit.form;
  Html part;
  part.raw("<form method=\"get\" action=\"/events\" class=\"grid\">\n")
      .part(input("person", "Person (account name)", "text", form.line("person", 200)))
      .part(input("words", "Part of a site’s name", "text", form.line("words", 200)))
      .part(select("category", "Kind of site", category_choices(visit), form.line("category", 200)))
      .part(select("severity", "Severity", kSeverityChoices, form.line("severity", 200)))
      .part(select("risk", "Risk area", kRiskChoices, form.line("risk", 200)))
      .part(select("kind", "What was done", kEventKinds, form.line("kind", 200)))
      .part(input("since", "From", "date", form.line("since", 200)))
      .part(input("until", "Until", "date", form.line("until", 200)))
      .part(site_choice(visit))
      .raw("<div class=\"field\"><button class=\"main\" type=\"submit\">Search</button></div>\n</form>\n");
  return part;
}

Html event_row(const Visit& visit, const events::Stored& stored) {
  const events::Event& event = stored.event;
  Html part;
  part.raw("<tr><th scope=\"row\">").text(told_time(visit, event.time)).raw("</th><td>");
  part.part(person_link(event.person, stored.erased)).raw("</td><td>");
  if (stored.erased) {
    part.raw("Erased");
  } else {
    part.part(asked_for(event));
  }
  if (stored.merged > 0) part.raw(" ").text(merged_words(visit, stored));
  part.raw("</td><td>").text(category_title(visit, event.category)).raw("</td><td>");
  part.text(event.navigation == events::Navigation::yes  ? "A person went there"
            : event.navigation == events::Navigation::no ? "A page fetched it"
                                                         : "Not known");
  part.raw("</td><td>");
  if (stored.incident != 0) {
    part.raw("<a href=\"").text(incident_address(stored.incident)).raw("\">Incident ");
    part.text(std::to_string(stored.incident)).raw("</a>");
  } else {
    part.raw("None");
  }
  return std::move(part.raw("</td></tr>\n"));
}

}  // namespace

pages::Answer events_page(const Visit& visit) {
  auto found = visit.desk.store.list(events_wanted(visit));
  if (!found) return not_now(visit, found.error());
  const bool more = found->size() > kEventsPerPage;
  if (more) found->resize(kEventsPerPage);
  std::vector<std::string> people;
  for (const auto& stored : *found) people.push_back(stored.event.person);
  if (auto noted = record_access(visit, "list of entries", people); !noted) return not_now(visit, noted.error());

  const Address address = Address("/events").keep(visit.form, kEventFilters);
  Html main;
  main.raw(
          "<h1>All entries</h1>\n<p class=\"lead\">Everything that was stopped or noted, one line each, the newest "
          "first. ")
      .raw("Incidents are easier to read: this is for looking something up.</p>\n")
      .part(event_filter_form(visit))
      .part(views_part(visit, "/events", address.str()));
  if (found->empty()) {
    main.raw("<p>There is none of this kind.</p>\n");
  } else {
    main.raw(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Entries\">\n<table>\n<thead><tr><th "
            "scope=\"col\">When</th><th scope=\"col\">Who</th>")
        .raw("<th scope=\"col\">What</th><th scope=\"col\">Kind of site</th><th scope=\"col\">Visit</th>")
        .raw("<th scope=\"col\">Incident</th></tr></thead>\n<tbody>\n");
    for (const auto& stored : *found) main.part(event_row(visit, stored));
    main.raw("</tbody>\n</table>\n</div>\n");
  }
  if (more) {
    Address next = address;
    next.add("before", std::to_string(found->back().place));
    main.raw("<nav class=\"pager\" aria-label=\"Pages of this list\"><a class=\"go\" rel=\"next\" href=\"")
        .text(next.str())
        .raw("\">Older entries</a></nav>\n");
  }
  return page(visit, 200, "All entries", main);
}

}  // namespace fairlead::agent::console::desk
