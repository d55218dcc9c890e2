#include <algorithm>

#include "agent/console/desk/incident_in_path.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/review.hpp"
#include "agent/console/desk/timeline.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kTimelinePerPage = 200;
constexpr std::size_t kMostTimelinePages = 100000;

void add_fact(Html& part, std::string_view name, const Html& value) {
  part.raw("<div><dt>").text(name).raw("</dt><dd>").part(value).raw("</dd></div>\n");
}

Html plain(std::string_view text) {
  Html part;
  return std::move(part.text(text));
}

Html facts(const Visit& visit, const events::Incident& incident) {
  Html part;
  part.raw("<dl class=\"facts\">\n");
  add_fact(part, "Who", person_link(incident.person, incident.erased));
  add_fact(part, "Group", plain(incident.group));
  add_fact(part, "Risk area", plain(risk_words(incident.risk)));
  Html severity = severity_badge(incident.severity);
  severity.raw(", ").text(weighed_words(incident.weighed));
  add_fact(part, "How serious", severity);
  add_fact(part, "How often", plain(pattern_words(visit, incident)));
  add_fact(part, "First", plain(told_time(visit, incident.first)));
  add_fact(part, "Last", plain(told_time(visit, incident.last)));
  if (!incident.host.empty()) add_fact(part, "Lately", plain(incident.host));
  std::string entries = std::to_string(incident.count);
  if (incident.merged > 0) entries += ", " + std::to_string(incident.merged) + " of them kept on the laptop alone";
  add_fact(part, "Entries", plain(entries));
  add_fact(part, "Laptop", plain(incident.device));
  return std::move(part.raw("</dl>\n"));
}

/// What the learner read when it was stopped: the lead should know it before speaking with them.
Html what_the_page_said(const Visit& visit, const events::Incident& incident) {
  Html part;
  const auto* category = category_named(visit.desk.rules->catalog(), incident.category);
  if (category == nullptr) return part;
  const std::string says = pages::fill_says(category->says, std::nullopt);
  if (!says.empty()) part.raw("<p>The page that was shown instead says: <q>").text(says).raw("</q></p>\n");
  for (const auto& link : visit.desk.rules->policy().links) {
    const bool fits = std::find(link.categories.begin(), link.categories.end(), category->id) != link.categories.end();
    const std::string_view address = pages::link_address(link.url);
    if ((!fits && !link.categories.empty()) || address.empty()) continue;
    part.raw("<p><a rel=\"noreferrer\" href=\"").text(address).raw("\">").text(link.title).raw("</a></p>\n");
  }
  return part;
}

/// What the lead asked IT to mend, and what IT answered.
Html it_says(const Visit& visit, const std::vector<AskedFor>& tasks) {
  Html part;
  if (tasks.empty()) return part;
  part.raw("<section aria-labelledby=\"it\">\n<h2 id=\"it\">What IT was asked</h2>\n<ul>\n");
  for (const AskedFor& task : tasks) {
    part.raw("<li>").text(task.url.empty() ? task.rule : task.url).raw(": ");
    if (task.answered) {
      part.raw("<strong>")
          .text(answer_words(visit, *task.answered))
          .raw("</strong> ")
          .text(told_time(visit, task.answered->time));
    } else {
      part.raw("not answered yet");
    }
    part.raw("</li>\n");
  }
  return std::move(part.raw("</ul>\n</section>\n"));
}

Html learners_words(const Visit& visit, const events::Incident& incident, const std::vector<events::Stored>& events) {
  Html said;
  for (const events::Stored& stored : events) {
    for (const events::Report& report : stored.reports) {
      said.raw("<li><strong>").text(report_words(report.kind)).raw("</strong> ").text(told_time(visit, report.time));
      if (!report.words.empty()) said.raw(": <q>").text(report.words).raw("</q>");
      said.raw("</li>\n");
    }
  }
  Html part;
  if (said.empty()) return part;
  part.raw("<section aria-labelledby=\"said\">\n<h2 id=\"said\">What the learner says</h2>\n");
  if (incident.count - incident.merged > events.size())
    part.raw("<p>Of ")
        .text(counted(incident.reports, "answer", "answers"))
        .raw(", those about the entries on this page.</p>\n");
  return std::move(part.raw("<ul>\n").part(said).raw(
      "</ul>\n<p class=\"meta\">Landing somewhere by accident, and saying so, is what the policy "
      "asks for. It is never an offence.</p>\n</section>\n"));
}

/// The laptop that recorded it can prove it; at the desk of an organisation that laptop is another one.
Html evidence(const Visit& visit, const events::Incident& incident) {
  Html part;
  part.raw("<section class=\"unprinted\" aria-labelledby=\"evidence\">\n<h2 id=\"evidence\">For a case</h2>\n");
  if (visit.desk.hands.laptops) {
    part.raw("<p>Evidence is saved on the laptop that recorded it, because only that can prove it. IT finds it as ")
        .text(incident.device)
        .raw(".</p>\n</section>\n");
    return part;
  }
  part.raw("<p><a class=\"go\" href=\"")
      .text(incident_address(incident.number))
      .raw(
          "/evidence\">Save this incident as evidence</a></p>\n<p>One file with every entry and review, to read and to "
          "print. It shows by itself "
          "whether anybody has changed it: IT checks it with <code>fairlead events "
          "verify</code>.</p>\n</section>\n");
  return part;
}

}  // namespace

pages::Answer incident_page(const Visit& visit) {
  const auto incident = incident_in_path(visit);
  if (!incident) return not_now(visit, incident.error());
  const std::uint64_t number = incident->number;
  const std::size_t wanted = std::max<std::size_t>(visit.form.number("page", kMostTimelinePages).value_or(1), 1);
  const auto events = visit.desk.store.events_of(number, kTimelinePerPage, (wanted - 1) * kTimelinePerPage);
  if (!events) return not_now(visit, events.error());
  events::EntryFilter reviews;
  reviews.incident = number;
  reviews.kind = "review";
  const auto history = visit.desk.store.entries(reviews);
  if (!history) return not_now(visit, history.error());
  const auto tasks = tasks_about(visit, number);
  if (!tasks) return not_now(visit, tasks.error());
  if (auto noted = record_access(visit, "incident " + std::to_string(number), {incident->person}, number); !noted)
    return not_now(visit, noted.error());

  Html main;
  main.raw("<p><a href=\"/incidents\">All incidents</a></p>\n");
  if (visit.form.value("stored") == "yes")
    main.raw("<p class=\"notice\" role=\"status\">Your review is stored with your name and the time.</p>\n");
  main.raw("<section class=\"panel\">\n<h1>")
      .text(category_title(visit, incident->category))
      .raw(": ")
      .text(person_words(incident->person, incident->erased))
      .raw("</h1>\n<p class=\"badges\">")
      .part(severity_badge(incident->severity))
      .raw(" ")
      .part(state_badge(incident->state))
      .raw(" <span class=\"meta\">Incident ")
      .text(std::to_string(number))
      .raw("</span></p>\n")
      .part(facts(visit, *incident))
      .part(what_the_page_said(visit, *incident))
      .raw("</section>\n")
      .part(learners_words(visit, *incident, *events))
      .part(it_says(visit, *tasks))
      .raw(
          "<div class=\"columns\">\n<div>\n<section aria-labelledby=\"happened\">\n<h2 id=\"happened\">What "
          "happened</h2>\n")
      .part(timeline(visit, *events))
      .part(pager(Address(incident_address(number)), wanted,
                  (incident->count - incident->merged + kTimelinePerPage - 1) / kTimelinePerPage, Order::oldest_first))
      .raw("</section>\n</div>\n<div>\n")
      .part(review_history(visit, *history))
      .part(review_form(visit, *incident))
      .part(evidence(visit, *incident))
      .raw("<p><a class=\"go\" href=\"/access?incident=")
      .text(std::to_string(number))
      .raw("\">Who has looked at this incident</a></p>\n</div>\n</div>\n");
  return page(visit, 200, "Incident " + std::to_string(number), main);
}

}  // namespace fairlead::agent::console::desk
