#include <algorithm>
#include <array>

#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kIncidentsPerPage = 20;
constexpr std::size_t kMostPages = 100000;
constexpr std::array<std::string_view, 10> kIncidentFilters = {"state", "severity", "risk",  "category", "person",
                                                               "words", "since",    "until", "noise",    kSiteField};

constexpr std::array kStateChoices = {Choice{"", "Open: new or in review"},
                                      Choice{"all", "All"},
                                      Choice{"new", "New"},
                                      Choice{"in_review", "In review"},
                                      Choice{"action_taken", "Action taken"},
                                      Choice{"no_action", "No action needed"},
                                      Choice{"false_positive", "Wrongly stopped"}};
constexpr std::array kNoise = {Choice{"", "Left out"}, Choice{"shown", "Shown"}};

events::IncidentFilter incidents_wanted(const Visit& visit) {
  const Form& form = visit.form;
  events::IncidentFilter filter;
  const std::string_view state = form.line("state", 200);
  filter.state = events::state_from(state);
  filter.open_only = !filter.state && state != "all";
  filter.severity = form.line("severity", 200);
  filter.risk = form.line("risk", 200);
  filter.category = form.line("category", 200);
  filter.person = form.line("person", 200);
  filter.words = form.line("words", 200);
  filter.since = day_begin(visit, form.line("since", 200));
  filter.until = day_end(visit, form.line("until", 200));
  filter.without_background = form.line("noise", 200) != "shown";
  filter.limit = kIncidentsPerPage;
  return filter;
}

Html incident_filter_form(const Visit& visit) {
  const Form& form = visit.form;
  const bool filtered = Address("").keep(form, kIncidentFilters).str() != "";
  Html part;
  part.raw("<details class=\"filters\"><summary>");
  part.text(filtered ? "You chose what is listed: choose again" : "Choose what is listed");
  part.raw("</summary>\n<form method=\"get\" action=\"/incidents\" class=\"grid\">\n");
  part.part(select("state", "State", kStateChoices, form.line("state", 200)))
      .part(select("severity", "Severity", kSeverityChoices, form.line("severity", 200)))
      .part(select("risk", "Risk area", kRiskChoices, form.line("risk", 200)))
      .part(select("category", "Kind of site", category_choices(visit), form.line("category", 200)))
      .part(input("person", "Person (account name)", "text", form.line("person", 200)))
      .part(input("words", "Part of a site’s name", "text", form.line("words", 200)))
      .part(input("since", "From", "date", form.line("since", 200)))
      .part(input("until", "Until", "date", form.line("until", 200)))
      .part(site_choice(visit))
      .part(select("noise", "What pages fetched by themselves", kNoise, form.line("noise", 200)));
  part.raw("<div class=\"field\"><button class=\"main\" type=\"submit\">Show</button></div>\n");
  if (filtered) part.raw("<p><a class=\"go\" href=\"/incidents\">Show all open incidents</a></p>\n");
  return std::move(part.raw("</form></details>\n"));
}

}  // namespace

pages::Answer incidents_page(const Visit& visit) {
  events::IncidentFilter filter = incidents_wanted(visit);
  const std::size_t wanted = std::max<std::size_t>(visit.form.number("page", kMostPages).value_or(1), 1);
  filter.offset = (wanted - 1) * kIncidentsPerPage;
  const auto total = visit.desk.store.count_incidents(filter);
  if (!total) return not_now(visit, total.error());
  const auto incidents = visit.desk.store.incidents(filter);
  if (!incidents) return not_now(visit, incidents.error());
  std::vector<std::string> people;
  for (const auto& incident : *incidents) people.push_back(incident.person);
  if (auto noted = record_access(visit, "list of incidents", people); !noted) return not_now(visit, noted.error());

  const Address address = Address("/incidents").keep(visit.form, kIncidentFilters);
  Html main;
  main.raw(
          "<h1>Incidents</h1>\n<p class=\"lead\">Attempts of one person that belong together are one incident. It "
          "says ")
      .raw("what was stopped, not what somebody meant.</p>\n")
      .part(incident_filter_form(visit))
      .part(views_part(visit, "/incidents", address.str()))
      .raw("<section aria-labelledby=\"listed\">\n<h2 id=\"listed\">")
      .text(counted(*total, "incident", "incidents"))
      .text(!filter.words.empty() && *total == events::kMostCounted ? " or more" : "")
      .raw("</h2>\n");
  if (incidents->empty()) {
    main.raw("<p>There is none of this kind.</p>\n");
  } else {
    main.raw("<ol class=\"cards\">\n");
    for (const auto& incident : *incidents) main.part(incident_card(visit, incident));
    main.raw("</ol>\n");
  }
  main.part(pager(address, wanted, (*total + kIncidentsPerPage - 1) / kIncidentsPerPage)).raw("</section>\n");
  return page(visit, 200, "Incidents", main);
}

}  // namespace fairlead::agent::console::desk
