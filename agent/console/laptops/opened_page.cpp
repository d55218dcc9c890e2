#include <algorithm>
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

/// It, and those whose place it took: whoever asked for one of them has to read that it is closed.
/// all   the latest that is over stands first, so that one comes after the one that took its place.
std::set<std::string> line_of(const std::vector<Opened>& all, const Opened& one) {
  std::set<std::string> ids{one.id};
  for (const Opened& other : all)
    if (ids.contains(other.next)) ids.insert(other.id);
  return ids;
}

/// Is it open all the same, because another one opens it for the same groups, at more sites or at others?
bool stays_open(const std::vector<Opened>& all, const Opened& closed) {
  return std::any_of(all.begin(), all.end(), [&](const Opened& other) {
    return !other.over && other.id != closed.id && other.about == closed.about;
  });
}

/// The appeals that something opened here has answered, and nothing since.
Result<std::vector<AskedFor>> answered_here(const Visit& visit) {
  auto all = requests(visit, false);
  if (!all) return all;
  std::erase_if(*all, [&](const AskedFor& asked) {
    return asked.kind != AskedFor::Kind::appeal || !asked.answered || asked.answered->outcome != "exception";
  });
  return all;
}

bool is_by_one_of(const AskedFor& asked, const std::set<std::string>& ids) {
  return ids.contains(asked.answered->change);
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
  if (one.everywhere) return "at every training centre";
  std::string out;
  for (const std::string& site : one.sites) out += (out.empty() ? "" : ", ") + site;
  return out.empty() ? "at other training centres" : out;
}

std::string state_of(const Visit& visit, const Opened& one) {
  const auto behind = [&](std::string_view still) {
    if (one.behind == 0) return std::string();
    return " " + counted(one.behind, "laptop has", "laptops have") + " not followed yet: it may still be " +
           std::string(still) + " there.";
  };
  if (!one.over) {
    const auto day = date_from(one.exception.expires);
    return "Open until the end of " + (day ? pages::full_date(*day) : one.exception.expires) + "." + behind("closed");
  }
  if (!one.next.empty())
    return "Replaced " + told_time(visit, *one.over) + " by " + one.closed_by + ": see the newer one.";
  if (one.closed_by.empty()) return "Its last day is over.";
  return "Closed " + told_time(visit, *one.over) + " by " + one.closed_by + "." + behind("open");
}

Html close_form(const Visit& visit, const Opened& one, bool asked_for) {
  const std::string of = one.exception.url + ", " + groups_of(visit, one) + ", " + places_of(one);
  Html part;
  part.raw("<details><summary>Close it<span class=\"unseen\">: ").text(of).raw("</span></summary>\n");
  part.part(form_begin(visit, "/opened")).part(hidden("opened", one.id));
  part.raw(
      "<p>It is stopped again for everybody in this group. This cannot be taken back; it can be opened again from a "
      "new appeal.</p>\n");
  if (asked_for) {
    part.part(sentence_and_button("Why, in a sentence for whoever asked for it", "Close it now", of, one.id));
  } else {
    part.raw("<button type=\"submit\">Close it now<span class=\"unseen\">: ").text(of).raw("</span></button>");
  }
  return std::move(part.raw("</form></details>\n"));
}

Html card(const Visit& visit, const Opened& one, bool asked_for) {
  Html part;
  part.raw("<li><h3 class=\"host\">").text(one.exception.url).raw("</h3>\n<p class=\"meta\">");
  part.text(groups_of(visit, one)).raw(" · ").text(places_of(one)).raw(" · opened ");
  part.text(told_time(visit, one.made)).raw(" by ").text(one.by).raw("</p>\n<p class=\"note\">");
  part.text(one.exception.reason).raw("</p>\n<p>").text(one.exception.owner).raw(" is responsible for it. <strong>");
  part.text(state_of(visit, one)).raw("</strong></p>\n");
  if (!one.over && one.may_close) part.part(close_form(visit, one, asked_for));
  if (!one.over && !one.may_close)
    part.raw("<p>It holds at other training centres too. Only a lead who looks after all of them can close it.</p>\n");
  return std::move(part.raw("</li>\n"));
}

}  // namespace

pages::Answer opened_page(const Visit& visit) {
  const auto all = visit.desk.hands.opened(visit.desk.now);
  if (!all) return not_now(visit, all.error());
  const auto asked = answered_here(visit);
  if (!asked) return not_now(visit, asked.error());
  Html open, over;
  for (const Opened& one : *all) {
    const bool asked_for =
        !one.over && std::any_of(asked->begin(), asked->end(), [ids = line_of(*all, one)](const AskedFor& appeal) {
          return is_by_one_of(appeal, ids);
        });
    (one.over ? over : open).part(card(visit, one, asked_for));
  }
  Html main;
  main.raw(
      "<h1>Opened addresses</h1>\n<p class=\"lead\">Addresses that a safeguarding lead opened for a time, each for "
      "everybody in a group. Laptops that are on follow within a quarter of an hour; the others when they are next on. "
      "Laptops that join later get what is open then.</p>\n<p>To open one, or one of these again, answer an <a "
      "href=\"/appeals\">appeal</a>.</p>\n");
  if (visit.form.value("closed") == "yes")
    main.raw(
        "<p class=\"notice\" role=\"status\">It is closed here. Laptops that are on stop it within a quarter of an "
        "hour, and whoever asked for it reads your sentence there.</p>\n");
  if (visit.form.value("closed") == "other")
    main.raw(
        "<p class=\"notice\" role=\"status\">It is closed here, and stays open where another one opens it: see "
        "below.</p>\n");
  main.raw("<section aria-labelledby=\"open\">\n<h2 id=\"open\">Open now</h2>\n");
  if (open.empty()) {
    main.raw("<p>Nothing is open.</p>\n");
  } else {
    main.raw("<ul class=\"cards\">\n").part(open).raw("</ul>\n");
  }
  main.raw("</section>\n");
  if (!over.empty())
    main.raw("<section aria-labelledby=\"over\">\n<h2 id=\"over\">No longer open</h2>\n<ul class=\"cards\">\n")
        .part(over)
        .raw("</ul>\n</section>\n");
  return page(visit, 200, "Opened addresses", main);
}

pages::Answer close_opened(const Visit& visit) {
  const std::string id(visit.form.line("opened", 40));
  const auto all = visit.desk.hands.opened(visit.desk.now);
  if (!all) return not_now(visit, all.error());
  const auto found = std::find_if(all->begin(), all->end(), [&](const Opened& one) { return one.id == id; });
  if (found == all->end()) return say(visit, 422, "It was not closed", "It is not open any more.", "/opened");
  const bool elsewhere = stays_open(*all, *found);
  auto asked = answered_here(visit);
  if (!asked) return not_now(visit, asked.error());
  std::erase_if(*asked, [ids = line_of(*all, *found)](const AskedFor& one) { return !is_by_one_of(one, ids); });
  Answered answer;
  answer.outcome = "closed";
  answer.says = plain_text(visit.form.value("says"), kLongestSentence);
  if (!asked->empty() && answer.says.empty())
    return say(visit, 422, "A sentence is missing", "Whoever asked for it should read why. Nothing was closed.",
               "/opened");
  const auto done = visit.desk.hands.close(id, visit.visitor.account, visit.desk.now);
  const bool closed_before = !done && done.error().code == Errc::not_found && !asked->empty();  // and nobody was told
  if (!done && done.error().code != Errc::refused && done.error().code != Errc::not_found)
    return not_now(visit, done.error());
  if (!done && !closed_before) return say(visit, 422, "It was not closed", done.error().context, "/opened");
  if (elsewhere) return go_to("/opened?closed=other");
  for (const AskedFor& one : *asked)
    if (auto written = write_answer(visit, one, answer); !written) return not_now(visit, written.error());
  return go_to("/opened?closed=yes");
}

}  // namespace fairlead::agent::console::laptops
