#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/it/pages.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"

namespace fairlead::agent::console::it {

using pages::Html;

namespace {

constexpr std::size_t kShownSamples = 200;

/// What IT may see of an event: neither who nor when to the minute, nor a site that says something about whoever it
/// was.
Html row(const Visit& visit, const events::Event& event) {
  const bool critical = event.severity == "critical";
  const std::string host = critical ? std::string() : address_without("", event.host, event.person);
  Html part;
  part.raw("<tr><th scope=\"row\">").text(host.empty() ? "withheld" : host).raw("</th><td>").text(event.rule);
  part.raw("</td><td>").text(event.source).raw("</td><td>").text(event.category).raw("</td><td>");
  part.text(local_date(visit, event.time)).raw("</td></tr>\n");
  return part;
}

}  // namespace

pages::Answer samples_page(const Visit& visit) {
  events::Filter filter;
  filter.newest_first = true;
  filter.limit = kShownSamples;
  const auto events = visit.desk.store.list(filter);
  if (!events) return not_now(visit, events.error());
  Html main;
  main.raw(
      "<h1>Samples</h1>\n<p class=\"lead\">What was stopped lately, to find rules that stop too much. Whose it was is "
      "not shown, nor sites of critical kinds.</p>\n");
  if (events->empty()) main.raw("<p>Nothing was stopped yet.</p>\n");
  if (!events->empty()) {
    main.raw(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Samples\">\n<table>\n<thead><tr><th "
        "scope=\"col\">Site</th><th scope=\"col\">Rule</th><th scope=\"col\">Where it stands</th><th "
        "scope=\"col\">Kind of site</th><th scope=\"col\">Day</th></tr></thead>\n<tbody>\n");
    for (const events::Stored& stored : *events) {
      if (!stored.erased && stored.event.kind != events::Kind::malformed) main.part(row(visit, stored.event));
    }
    main.raw("</tbody>\n</table>\n</div>\n");
  }
  return page(visit, 200, "Samples", main);
}

}  // namespace fairlead::agent::console::it
