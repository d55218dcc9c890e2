#include <array>
#include <map>

#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::uint64_t kFewest = 5;  // what is fewer could point at somebody
constexpr std::array kPeriods = {Choice{"7", "The last 7 days"}, Choice{"30", "The last 30 days"},
                                 Choice{"90", "The last 90 days"}, Choice{"365", "The last year"}};

std::string shown(std::uint64_t number) {
  if (number == 0) return "0";
  return number < kFewest ? "fewer than 5" : std::to_string(number);
}

struct Sums {
  std::uint64_t stopped = 0, noted = 0, counted = 0;
};

}  // namespace

pages::Answer counts_page(const Visit& visit) {
  const std::size_t days = visit.form.number("days", 365).value_or(30);
  const auto today = std::chrono::floor<std::chrono::days>(visit.desk.now);
  const auto totals = visit.desk.store.totals(today - std::chrono::days(days), today + std::chrono::days(1));
  if (!totals) return not_now(visit, totals.error());
  std::map<std::string, Sums> by_category;
  for (const auto& events : totals->events) {
    Sums& sums = by_category[events.category];
    (events.kind == to_string(events::Kind::observed) ? sums.noted : sums.stopped) += events.events;
  }
  for (const auto& quiet : totals->quiet) by_category[quiet.category].counted += quiet.count;
  std::map<std::string, std::uint64_t> reports;
  for (const auto& report : totals->reports) reports[report.kind] += report.count;

  Html main;
  main.raw(
          "<h1>Figures</h1>\n<p class=\"lead\">How much was stopped, of which kind, on this laptop. There is nobody’s "
          "name in it; what ")
      .raw("is fewer than five is not told apart.</p>\n<form method=\"get\" action=\"/counts\" class=\"grid\">\n")
      .part(select("days", "Which days", kPeriods, std::to_string(days)))
      .raw("<div class=\"field\"><button class=\"main\" type=\"submit\">Show</button></div>\n</form>\n")
      .raw("<section aria-labelledby=\"kinds\">\n<h2 id=\"kinds\">By kind of site</h2>\n");
  if (by_category.empty()) main.raw("<p>Nothing was stopped in these days.</p>\n");
  if (!by_category.empty()) {
    main.raw(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of "
            "figures\">\n<table>\n<thead><tr><th scope=\"col\">Kind of site</th><th scope=\"col\">Stopped</th>")
        .raw("<th scope=\"col\">Let through and noted</th><th scope=\"col\">Only counted</th></tr></thead>\n<tbody>\n");
    for (const auto& [category, sums] : by_category) {
      main.raw("<tr><th scope=\"row\">").text(category_title(visit, category)).raw("</th>");
      for (const std::uint64_t number : {sums.stopped, sums.noted, sums.counted})
        main.raw("<td>").text(shown(number)).raw("</td>");
      main.raw("</tr>\n");
    }
    main.raw("</tbody>\n</table>\n</div>\n");
  }
  main.raw(
          "</section>\n<section aria-labelledby=\"states\">\n<h2 id=\"states\">Incidents, by what became of "
          "them</h2>\n<table>\n")
      .raw("<thead><tr><th scope=\"col\">State</th><th scope=\"col\">Incidents</th></tr></thead>\n<tbody>\n");
  for (std::size_t state = 0; state < events::kStates; ++state) {
    main.raw("<tr><th scope=\"row\">").text(state_words(static_cast<events::State>(state))).raw("</th><td>");
    main.text(shown(totals->incidents.at(state))).raw("</td></tr>\n");
  }
  main.raw("</tbody>\n</table>\n</section>\n");
  if (!reports.empty()) {
    main.raw("<section aria-labelledby=\"answers\">\n<h2 id=\"answers\">Answers from learners</h2>\n<ul>\n");
    for (const auto kind : {events::ReportKind::accident, events::ReportKind::wrong, events::ReportKind::concern})
      main.raw("<li>")
          .text(report_words(kind))
          .raw(": ")
          .text(shown(reports[std::string(to_string(kind))]))
          .raw("</li>\n");
    main.raw("</ul>\n</section>\n");
  }
  return page(visit, 200, "Figures", main);
}

}  // namespace fairlead::agent::console::desk
