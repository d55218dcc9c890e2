#include "agent/console/desk/copy.hpp"

#include "agent/console/controls.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/own/pages.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"
#include "agent/pages/plain_forms.hpp"

namespace fairlead::agent::console::own {

using pages::Html;

namespace {

pages::Answer unknown(const Visit& visit) {
  return say(
      visit, 404, "We cannot tell who you are",
      "This laptop could not tell which account you use, so it shows nobody's entries. Ask the safeguarding lead "
      "for your copy.",
      "/recorded");
}

Html rows_of(const Visit& visit, const desk::PersonCopy& copy) {
  Html part;
  part.raw(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Your entries\">\n<table>\n<thead><tr>"
      "<th scope=\"col\">When</th><th scope=\"col\">What was asked for</th><th scope=\"col\">Kind of site</th>"
      "<th scope=\"col\">What happened</th><th scope=\"col\">Reference</th></tr></thead>\n<tbody>\n");
  for (auto stored = copy.events.rbegin(); stored != copy.events.rend(); ++stored) {
    const events::Event& event = stored->event;
    const auto* category = category_named(visit.desk.rules->catalog(), event.category);
    part.raw("<tr><th scope=\"row\">").text(told_time(visit, event.time)).raw("</th><td>");
    part.text(event.url.empty() ? event.host : event.url);
    if (!event.words.empty()) part.raw("<br>Words searched for: ").text(event.words);
    for (const events::Report& report : stored->reports) {
      part.raw("<br>You said: ").text(to_string(report.kind));
      if (!report.words.empty()) part.raw(", ").text(report.words);
    }
    part.raw("</td><td>").text(category == nullptr ? event.category : category->title).raw("</td><td>");
    part.text(event.kind == events::Kind::observed ? "Opened, and noted" : "Stopped").raw("</td><td>").text(event.id);
    part.raw("</td></tr>\n");
  }
  return std::move(part.raw("</tbody>\n</table>\n</div>\n"));
}

}  // namespace

pages::Answer copy_page(const Visit& visit) {
  if (visit.visitor.person.empty()) return unknown(visit);
  const auto copy = desk::read_copy(visit, visit.visitor.person);
  if (!copy) return not_now(visit, copy.error());
  Html main;
  main.raw("<section class=\"panel\">\n<h1>Everything recorded about me</h1>\n<p class=\"says\">For the account ")
      .text(visit.visitor.person)
      .raw(" on this laptop: ")
      .text(counted(copy->events.size(), "entry", "entries"))
      .raw(
          ". Sites that open normally leave no trace.</p>\n<p><a class=\"go\" href=\"/recorded/copy.json\">Save as a "
          "file</a></p>\n</section>\n");
  if (!copy->events.empty()) main.part(rows_of(visit, *copy));
  main.raw("<section aria-labelledby=\"done\">\n<h2 id=\"done\">What was done with them</h2>\n");
  if (copy->entries.empty()) main.raw("<p>Nothing yet.</p>\n");
  if (!copy->entries.empty()) {
    main.raw("<ol class=\"history\">\n");
    for (const events::Entry& entry : copy->entries) {
      main.raw("<li><p>").text(desk::entry_words(entry.kind)).raw(", ").text(told_time(visit, entry.time));
      main.raw("</p></li>\n");
    }
    main.raw("</ol>\n");
  }
  main.raw(
      "<p>Notes that the safeguarding lead has written are not shown here, because they may be about somebody else "
      "too. Ask the lead for them, or for a copy on paper.</p>\n</section>\n");
  return page(visit, 200, "Everything recorded about me", main);
}

pages::Answer copy_as_json(const Visit& visit) {
  if (visit.visitor.person.empty()) return unknown(visit);
  auto copy = desk::read_copy(visit, visit.visitor.person);
  if (!copy) return not_now(visit, copy.error());
  for (events::Entry& entry : copy->entries) {
    if (entry.kind == "review") entry.body.clear();  // notes may be about somebody else too: the lead gives them
  }
  return download("what-is-recorded-about-me.json", pages::kJsonType, desk::copy_as_json(visit, *copy));
}

pages::Answer answers_page(const Visit& visit) {
  if (visit.visitor.person.empty()) return unknown(visit);
  events::EntryFilter filter;
  filter.person = visit.visitor.person;
  filter.kind = "appeal";
  filter.newest_first = true;
  filter.limit = 50;
  const auto appeals = visit.desk.store.entries(filter);
  if (!appeals) return not_now(visit, appeals.error());
  Html main;
  main.raw("<section class=\"panel\">\n<h1>Answers to what I asked</h1>\n<p class=\"says\">");
  main.text(appeals->empty() ? "You have not asked for anything to be opened on this laptop."
                             : "What you said was stopped wrongly, and what became of it.");
  main.raw("</p>\n</section>\n<ul class=\"cards\">\n");
  for (const events::Entry& appeal : *appeals) {
    const auto stored = visit.desk.store.show(appeal.subject);
    if (!stored || stored->event.person != visit.visitor.person) continue;
    const auto answer = answer_about(visit, appeal.subject, stored->incident, stored->event.rule);
    main.raw("<li><h2 class=\"host\">").text(stored->event.host).raw("</h2>\n<p class=\"meta\">Asked ");
    main.text(told_time(visit, appeal.time)).raw(" · Reference ").text(appeal.subject).raw("</p>\n<p>");
    main.text(answer ? answer_words(visit, *answer) : std::string("Not answered yet. A person looks at it."))
        .raw("</p></li>\n");
  }
  main.raw(
      "</ul>\n<section aria-labelledby=\"more\">\n<h2 id=\"more\">If you do not agree</h2>\n<p>Talk to the "
      "safeguarding lead, or to any member of staff who passes it on. You can object to what is recorded about you "
      "as well: <a href=\"/recorded\">what is recorded about me</a> says how.</p>\n</section>\n");
  return page(visit, 200, "Answers to what I asked", main);
}

}  // namespace fairlead::agent::console::own
