#include <set>

#include "agent/console/controls.hpp"
#include "agent/console/exception_form.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/laptops/pages.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"
#include "agent/console/routes.hpp"
#include "agent/pages/sentences.hpp"

namespace fairlead::agent::console::laptops {

using pages::Html;

namespace {

constexpr std::size_t kLongest = 500;

/// What was opened because a learner asked for it.
Result<std::set<std::string>> answered_by(const Visit& visit) {
  std::set<std::string> out;
  if (visit.visitor.role != Role::lead) return out;
  const auto all = requests(visit, false);
  if (!all) return tl::unexpected(all.error());
  for (const AskedFor& asked : *all)
    if (asked.kind == AskedFor::Kind::appeal && asked.answered) out.insert(asked.answered->change);
  return out;
}

std::string groups_of(const Visit& visit, const Opened& one) {
  std::string out;
  for (const std::string& id : one.exception.groups) {
    std::string title = id;
    for (const auto& group : visit.desk.rules->policy().groups)
      if (group.id == id) title = group.title;
    out += (out.empty() ? "" : ", ") + title;
  }
  return out;
}

std::string places_of(const Opened& one) {
  if (one.everywhere) return "every laptop";
  std::string out;
  for (const std::string& site : one.sites) out += (out.empty() ? "" : ", ") + site;
  return out.empty() ? "other training centres" : out;
}

std::string state_of(const Visit& visit, const Opened& one) {
  std::string out;
  if (!one.over) {
    const auto day = date_from(one.exception.expires);
    out = "Open until the end of " + (day ? pages::full_date(*day) : one.exception.expires) + ".";
  } else if (one.closed_by.empty()) {
    out = "Its last day is over.";
  } else {
    out = "Closed " + told_time(visit, *one.over) + " by " + one.closed_by + ".";
  }
  if (one.unheard > 0) out += " " + counted(one.unheard, "laptop has", "laptops have") + " not heard of it yet.";
  return out;
}

Html close_form(const Visit& visit, const Opened& one, bool asked_for) {
  Html part;
  part.raw("<details><summary>Close it<span class=\"unseen\">: ").text(one.exception.url).raw("</span></summary>\n");
  part.part(form_begin(visit, "/opened")).part(hidden("opened", one.id));
  if (asked_for) {
    part.raw("<label for=\"says-").text(one.id).raw("\">Why, in a sentence for the learner who asked</label>");
    part.raw("<textarea id=\"says-").text(one.id).raw("\" name=\"says\" rows=\"3\" maxlength=\"500\" required>");
    part.raw("</textarea>");
  }
  return std::move(part.raw("<button class=\"main\" type=\"submit\">Close it now<span class=\"unseen\">: ")
                       .text(one.exception.url)
                       .raw("</span></button></form></details>\n"));
}

Html card(const Visit& visit, const Opened& one, const std::set<std::string>& asked_for) {
  Html part;
  part.raw("<li><h3 class=\"host\">").text(one.exception.url).raw("</h3>\n<p class=\"meta\">");
  part.text(groups_of(visit, one)).raw(" · ").text(places_of(one)).raw(" · opened ");
  part.text(told_time(visit, one.made)).raw(" by ").text(one.by).raw("</p>\n<p class=\"note\">");
  part.text(one.exception.reason).raw("</p>\n<p>").text(one.exception.owner).raw(" answers for it. <strong>");
  part.text(state_of(visit, one)).raw("</strong></p>\n");
  if (!one.over && visit.visitor.role == Role::lead) {
    if (one.may_close) {
      part.part(close_form(visit, one, asked_for.contains(one.id)));
    } else {
      part.raw("<p>It holds at other training centres too: whoever looks after those can close it.</p>\n");
    }
  }
  return std::move(part.raw("</li>\n"));
}

Html list(const Visit& visit, const std::vector<Opened>& all, bool over, const std::set<std::string>& asked_for) {
  Html part;
  for (const Opened& one : all)
    if (one.over.has_value() == over) part.part(card(visit, one, asked_for));
  return part;
}

}  // namespace

pages::Answer opened_page(const Visit& visit) {
  const auto all = visit.desk.hands.opened(visit.desk.now);
  if (!all) return not_now(visit, all.error());
  const auto asked_for = answered_by(visit);
  if (!asked_for) return not_now(visit, asked_for.error());
  const Html open = list(visit, *all, false, *asked_for), over = list(visit, *all, true, *asked_for);
  Html main;
  main.raw(
      "<h1>Opened</h1>\n<p class=\"lead\">Addresses that the safeguarding lead opened for a time, each for a group. A "
      "laptop that is on hears of it within a quarter of an hour, and of its end too; one that joins later is told "
      "what is open then.</p>\n");
  if (visit.form.value("closed") == "yes")
    main.raw(
        "<p class=\"notice\" role=\"status\">It is closed. Laptops that are on hear of it within a quarter of an "
        "hour.</p>\n");
  main.raw("<section aria-labelledby=\"open\">\n<h2 id=\"open\">Open now</h2>\n");
  if (open.str().empty()) {
    main.raw("<p>Nothing is open.</p>\n");
  } else {
    main.raw("<ul class=\"cards\">\n").part(open).raw("</ul>\n");
  }
  main.raw("</section>\n");
  if (!over.str().empty())
    main.raw("<section aria-labelledby=\"over\">\n<h2 id=\"over\">Over</h2>\n<ul class=\"cards\">\n")
        .part(over)
        .raw("</ul>\n</section>\n");
  return page(visit, 200, "Opened", main);
}

pages::Answer close_opened(const Visit& visit) {
  const std::string opened(visit.form.line("opened", 40));
  const auto all = requests(visit, false);  // before it is closed: whoever asked has to be told
  if (!all) return not_now(visit, all.error());
  const auto done = visit.desk.hands.close(opened, visit.visitor.account, visit.desk.now);
  if (!done && done.error().code != Errc::refused && done.error().code != Errc::not_found)
    return not_now(visit, done.error());
  if (!done) return say(visit, 422, "It was not closed", done.error().context, "/opened");
  for (const AskedFor& asked : *all) {
    if (asked.kind != AskedFor::Kind::appeal || !asked.answered || asked.answered->change != opened) continue;
    Answered answer;
    answer.outcome = "closed";
    answer.says = plain_text(visit.form.value("says"), kLongest);
    if (auto written = write_answer(visit, asked, answer); !written) return not_now(visit, written.error());
  }
  return go_to("/opened?closed=yes");
}

}  // namespace fairlead::agent::console::laptops
