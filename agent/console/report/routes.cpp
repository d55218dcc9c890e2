#include "agent/console/report/routes.hpp"

#include <array>

#include "agent/console/controls.hpp"
#include "agent/console/form.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/report/report_page.hpp"
#include "agent/console/report/whole.hpp"

namespace fairlead::agent::console::report {

using pages::Answer;
using pages::Html;

namespace {

struct Link {
  std::string address, label;
};

Day today(const Visit& visit) { return std::chrono::floor<std::chrono::days>(visit.desk.now); }

Source source_of(const Visit& visit) {
  const Desk& desk = visit.desk;
  const auto now = std::chrono::floor<std::chrono::seconds>(desk.now);
  Source source{desk.store, *desk.rules, {now, rules_made_at(desk.hands.state), {}}, desk.answers_https};
  if (desk.hands.laptops) {
    if (const auto known = desk.hands.laptops()) source.around.laptops = known->size();
  }
  return source;
}

/// The same, with what the running agent says of its alerts: it is asked for that.
Source whole_source_of(const Visit& visit) {
  Source source = source_of(visit);
  if (visit.desk.hands.status) source.around.alerts_waiting = alerts_waiting_in(visit.desk.hands.status());
  return source;
}

std::string address_of(std::string_view page, Day day) { return std::string(page) + "?of=" + iso_text(day); }

/// An address of a report, of the same site as the one that is shown.
std::string of_site(const Visit& visit, const std::string& address) {
  const std::string& site = visit.desk.hands.site;
  if (site.empty()) return address;
  return address + (address.find('?') == std::string::npos ? "?" : "&") + std::string(kSiteField) + "=" +
         encode_piece(site);
}

/// The same report of another site.
Html site_form(const Visit& visit) {
  Html form;
  const Html choice = site_choice(visit);
  if (choice.empty()) return form;
  form.raw("<form method=\"get\" action=\"").text(visit.request.path).raw("\" class=\"grid\">");
  for (const std::string_view kept : {"of", "span", "from", "to"}) {
    const std::string_view value = visit.form.line(kept, 20);
    if (!value.empty()) form.part(hidden(kept, value));
  }
  form.part(choice);
  form.raw("<div class=\"field\"><button type=\"submit\">Show</button></div></form>\n");
  return form;
}

/// Whose figures these are, where they are not of all laptops.
Html whose(const Visit& visit) {
  std::string sites = visit.desk.hands.site;
  if (sites.empty()) {
    for (const std::string& site : visit.visitor.sites) sites.append(sites.empty() ? "" : ", ").append(site);
  }
  Html part;
  if (!sites.empty())
    part.raw("<p class=\"lead\">Of the laptops of <strong>").text(sites).raw("</strong> alone.</p>\n");
  return part;
}

void add_links(Html& bar, const Visit& visit, const std::vector<Link>& links) {
  const std::string here =
      visit.request.query.empty() ? visit.request.path : visit.request.path + "?" + visit.request.query;
  bar.raw("<ul>\n");
  for (const Link& link : links) {
    const std::string address = of_site(visit, link.address);
    bar.raw("<li><a href=\"").text(address).raw("\"");
    if (address == here) bar.raw(" aria-current=\"page\"");
    bar.raw(">").text(link.label).raw("</a></li>\n");
  }
  bar.raw("</ul>\n");
}

/// The ready links and the form for days of one's own.
Html chooser(const Visit& visit, const Period& period, bool with_csv) {
  const Day now = today(visit);
  const auto last = [&](Span span) { return before(period_of(span, now)).first; };
  Html bar;
  bar.raw("<nav class=\"reports\" aria-label=\"Reports\">\n").part(site_form(visit));
  add_links(bar, visit,
            {{address_of("/reports/week", period_of(Span::week, now).first), "This week"},
             {address_of("/reports/week", last(Span::week)), "Last week"},
             {address_of("/reports/term", period_of(Span::month, now).first) + "&span=month", "This month"},
             {address_of("/reports/term", period_of(Span::term, now).first), "This term"},
             {address_of("/reports/term", last(Span::term)), "Last term"},
             {address_of("/reports/month", last(Span::month)), "Tutorial sheet"},
             {address_of("/reports/year", period_of(Span::year, now).first), "Yearly review"},
             {"/reports/processing", "Record of processing"}});
  bar.raw(
         "<details><summary>Other days, or a term’s own dates</summary>\n<form method=\"get\" "
         "action=\"/reports/days\">")
      .part(visit.desk.hands.site.empty() ? Html() : hidden(kSiteField, visit.desk.hands.site))
      .raw("<div><label for=\"from\">From</label> <input id=\"from\" name=\"from\" type=\"date\" required value=\"")
      .text(iso_text(period.first))
      .raw("\"></div><div><label for=\"to\">To</label> <input id=\"to\" name=\"to\" type=\"date\" required value=\"")
      .text(iso_text(period.end - std::chrono::days{1}))
      .raw("\"></div><button type=\"submit\">Show</button></form></details>\n");
  if (with_csv) {
    bar.raw("<p><a href=\"")
        .text(of_site(visit, "/reports/numbers.csv?from=" + iso_text(period.first) +
                                 "&to=" + iso_text(period.end - std::chrono::days{1})))
        .raw("\">The numbers as a table (CSV)</a></p>\n");
  }
  bar.raw("</nav>\n");
  return bar;
}

Answer shown(const Visit& visit, int status, std::string_view title, const Html& main) {
  return page(visit, status, title, main, report_sheet());
}

Answer told(const Visit& visit, int status, std::string_view heading, std::string_view says) {
  Html main;
  main.raw("<section class=\"panel\">\n<h1>").text(heading).raw("</h1>\n<p class=\"says\">").text(says);
  main.raw("</p>\n<p><a class=\"go\" href=\"/reports\">To the reports</a></p>\n</section>\n");
  return shown(visit, status, heading, main);
}

Answer wrong_days(const Visit& visit) {
  return told(
      visit, 400, "These days do not fit",
      "The first day comes before the last, and a report is of three years at most. Write a day as 2026-03-29.");
}

Answer answer_of(const Visit& visit, std::string_view title, const Html& before, const Result<Html>& main) {
  if (!main) return told(visit, 503, "This report could not be made", "The store could not be read. IT can mend this.");
  Html whole;
  whole.part(before).part(whose(visit)).part(*main);
  return shown(visit, 200, title, whole);
}

/// The period of that span that `of` lies in: as shipped the one that today does.
std::optional<Period> asked_for(const Visit& visit, Span span, bool before_this = false) {
  if (visit.form.has("of")) {
    const auto day = date_from(visit.form.value("of"));
    if (!day) return std::nullopt;
    return period_of(span, *day);
  }
  const Period now = period_of(span, today(visit));
  return before_this ? before(now) : now;
}

Answer report_of(const Visit& visit, const std::optional<Period>& period) {
  if (!period) return wrong_days(visit);
  return answer_of(visit, "Report", chooser(visit, *period, true), whole_report(whole_source_of(visit), *period));
}

Answer week(const Visit& visit) { return report_of(visit, asked_for(visit, Span::week)); }

Answer term(const Visit& visit) {
  return report_of(visit, asked_for(visit, visit.form.value("span") == "month" ? Span::month : Span::term));
}

Answer days(const Visit& visit) {
  return report_of(visit, days_between(visit.form.value("from"), visit.form.value("to")));
}

Answer numbers(const Visit& visit) {
  const auto period = days_between(visit.form.value("from"), visit.form.value("to"));
  if (!period) return wrong_days(visit);
  auto csv = whole_csv(whole_source_of(visit), *period);
  if (!csv) return told(visit, 503, "This table could not be made", "The store could not be read. IT can mend this.");
  return download("report-" + iso_text(period->first) + ".csv", "text/csv; charset=utf-8", std::move(*csv));
}

Answer month(const Visit& visit) {
  const auto period = asked_for(visit, Span::month, true);
  if (!period) return wrong_days(visit);
  return answer_of(visit, "Tutorial sheet", chooser(visit, *period, false), whole_month(source_of(visit), *period));
}

/// The same sheet for everybody who signs in, with the months that can be chosen.
Answer counts(const Visit& visit) {
  constexpr int kMonthsOffered = 12;
  const auto period = asked_for(visit, Span::month, true);
  if (!period) return wrong_days(visit);
  std::vector<Link> links;
  Period one = before(period_of(Span::month, today(visit)));
  for (int i = 0; i < kMonthsOffered; ++i) {
    links.push_back({address_of("/counts", one.first), long_text(one)});
    one = before(one);
  }
  Html bar;
  bar.raw("<nav class=\"reports\" aria-label=\"Months\">\n").part(site_form(visit));
  add_links(bar, visit, links);
  bar.raw("</nav>\n");
  return answer_of(visit, "Figures", bar, whole_month(source_of(visit), *period));
}

Answer year(const Visit& visit) {
  const auto period = asked_for(visit, Span::year);
  if (!period) return wrong_days(visit);
  return answer_of(visit, "Yearly review", chooser(visit, *period, false), whole_year(source_of(visit), *period));
}

Answer processing(const Visit& visit) {
  return answer_of(visit, "Record of processing", chooser(visit, period_of(Span::week, today(visit)), false),
                   whole_processing(source_of(visit)));
}

constexpr std::array kRoutes = {
    Route{"GET", "/reports", Role::lead, week, "Reports"},
    Route{"GET", "/reports/week", Role::lead, week},
    Route{"GET", "/reports/term", Role::lead, term},
    Route{"GET", "/reports/days", Role::lead, days},
    Route{"GET", "/reports/numbers.csv", Role::lead, numbers},
    Route{"GET", "/reports/month", Role::lead, month},
    Route{"GET", "/reports/year", Role::lead, year},
    Route{"GET", "/reports/processing", Role::lead, processing},
    Route{"GET", "/", Role::viewer, counts},
    Route{"GET", "/counts", kSignedIn, counts, "Figures"},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace fairlead::agent::console::report
