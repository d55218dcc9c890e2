#include "agent/console/desk/review.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/pages/plain_forms.hpp"

namespace fairlead::agent::console::desk {

using nlohmann::ordered_json;
using pages::Html;

namespace {

constexpr std::array kOutcomes = {Choice{"", "None yet"},
                                  Choice{"spoke", "Spoke with the person"},
                                  Choice{"support", "Support was offered"},
                                  Choice{"passed_on", "Passed on by the route below"},
                                  Choice{"tutor", "The tutor or employer was told"},
                                  Choice{"no_concern", "No concern"},
                                  Choice{"accident", "An accident"},
                                  Choice{"course", "Needed for the course"}};
constexpr std::array kUrgencies = {Choice{"", "Not said"}, Choice{"immediate", "Immediate: somebody is at risk now"},
                                   Choice{"imminent", "Imminent: at risk within days"},
                                   Choice{"future", "Future: a worry for later"}};

struct StateChoice {
  std::string_view value, label, says;
};
constexpr std::array kReviewChoices = {
    StateChoice{"in_review", "In review", "I am looking into it."},
    StateChoice{"action_taken", "Action taken", "Something was done. Closed."},
    StateChoice{"no_action", "No action needed", "Looked at; nothing has to be done. Closed."},
    StateChoice{"false_positive", "Wrongly stopped",
                "The rule is wrong. IT gets the rule and the address, without the person, and answers here. Closed."}};

std::string_view label_of(std::span<const Choice> choices, std::string_view value) {
  for (const Choice& choice : choices) {
    if (!value.empty() && choice.value == value) return choice.label;
  }
  return {};
}

Html route_choice(const rules::catalog::ReportingRoute& route) {
  Html part;
  part.raw("<div class=\"option\"><label><input type=\"radio\" name=\"route\" value=\"")
      .text(route.id)
      .raw("\"> ")
      .text(route.title)
      .raw("</label>\n<p>")
      .text(route.says)
      .raw("</p>\n<p class=\"meta\">");
  bool any = false;
  const auto add = [&](std::string_view text) {
    if (text.empty()) return;
    if (any) part.raw(" · ");
    part.text(text);
    any = true;
  };
  add(route.contact);
  add(route.phone);
  add(route.email);
  if (const std::string_view address = pages::link_address(route.url); !address.empty()) {
    if (any) part.raw(" · ");
    part.raw("<a rel=\"noreferrer\" href=\"").text(address).raw("\">guidance<span class=\"unseen\"> for ");
    part.text(route.title).raw("</span></a>");
    any = true;
  }
  if (!any) part.raw("Nobody is named here yet. IT can fill it in (policy.yaml, reporting_routes).");
  return std::move(part.raw("</p></div>\n"));
}

}  // namespace

std::string to_body(const Review& review) {
  return pages::json_text(ordered_json{{"state", review.state},
                                       {"outcome", review.outcome},
                                       {"route", review.route},
                                       {"urgency", review.urgency},
                                       {"note", review.note}});
}

Review from_body(const std::string& body) {
  const auto json = ordered_json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return {text("state"), text("outcome"), text("route"), text("urgency"), text("note")};
}

std::string_view outcome_words(std::string_view outcome) { return label_of(kOutcomes, outcome); }
std::string_view urgency_words(std::string_view urgency) { return label_of(kUrgencies, urgency); }

std::string route_title(const Visit& visit, std::string_view id) {
  for (const auto& route : visit.desk.rules->policy().reporting_routes) {
    if (route.id == id) return route.title;
  }
  return std::string(id);
}

std::vector<const rules::catalog::ReportingRoute*> routes_for(const Visit& visit, const events::Incident& incident) {
  std::vector<const rules::catalog::ReportingRoute*> routes;
  for (const auto& route : visit.desk.rules->policy().reporting_routes) {
    const auto fits = [&](const std::string& category) {
      return category == incident.category ||
             std::find(incident.categories.begin(), incident.categories.end(), category) != incident.categories.end();
    };
    if (route.categories.empty() || std::any_of(route.categories.begin(), route.categories.end(), fits))
      routes.push_back(&route);
  }
  return routes;
}

Html review_facts(const Visit& visit, const Review& review) {
  Html part;
  const auto line = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) part.raw("<p>").text(name).raw(": ").text(value).raw("</p>\n");
  };
  line("Outcome", outcome_words(review.outcome));
  line("Route", review.route.empty() ? "" : route_title(visit, review.route));
  line("Urgency", urgency_words(review.urgency));
  if (!review.note.empty()) part.raw("<p class=\"note\">").text(review.note).raw("</p>\n");
  return part;
}

Html review_history(const Visit& visit, const std::vector<events::Entry>& entries) {
  Html part;
  part.raw("<section aria-labelledby=\"history\">\n<h2 id=\"history\">What was decided</h2>\n");
  if (entries.empty()) return std::move(part.raw("<p>No review has been written yet.</p>\n</section>\n"));
  part.raw("<ol class=\"history\">\n");
  for (const events::Entry& entry : entries) {
    const Review review = from_body(entry.body);
    const auto state = events::state_from(review.state);
    part.raw("<li><p><strong>").text(state ? state_words(*state) : "Erased").raw("</strong> ");
    part.text(told_time(visit, entry.time));
    if (!entry.actor.empty()) part.raw(" by ").text(entry.actor);
    part.raw("</p>\n");
    part.part(review_facts(visit, review)).raw("</li>\n");
  }
  return std::move(part.raw("</ol>\n</section>\n"));
}

Html review_form(const Visit& visit, const events::Incident& incident) {
  Html form;
  form.raw("<section class=\"review\" aria-labelledby=\"review\">\n<h2 id=\"review\">Your review</h2>\n")
      .part(form_begin(visit, incident_address(incident.number) + "/review"))
      .raw("<fieldset><legend>Where it stands now</legend>\n");
  const std::string_view now = incident.state == events::State::fresh ? "in_review" : to_string(incident.state);
  for (const StateChoice& choice : kReviewChoices) {
    form.raw("<div class=\"option\"><label><input type=\"radio\" name=\"state\" value=\"").text(choice.value).raw("\"");
    if (choice.value == now) form.raw(" checked");
    form.raw("> ").text(choice.label).raw("</label>\n<p>").text(choice.says).raw("</p></div>\n");
  }
  form.raw("</fieldset>\n").part(select("outcome", "What came of it", kOutcomes, ""));
  const auto routes = routes_for(visit, incident);
  if (!routes.empty()) {
    form.raw(
        "<fieldset><legend>Who else has to know</legend>\n<div class=\"option\"><label><input type=\"radio\" "
        "name=\"route\" value=\"\" checked> Nobody else</label></div>\n");
    for (const auto* route : routes) form.part(route_choice(*route));
    form.raw("</fieldset>\n").part(select("urgency", "How urgent is it", kUrgencies, ""));
  }
  form.raw(
      "<div class=\"field\"><label for=\"note\">Note</label><textarea id=\"note\" name=\"note\" rows=\"4\" "
      "maxlength=\"2000\" aria-describedby=\"note-hint\"></textarea>\n<p id=\"note-hint\" class=\"meta\">What you "
      "found and why you decided so. It cannot be changed afterwards, only added to. The person may ask for a copy of "
      "it.</p></div>\n<button class=\"main\" type=\"submit\">Add this review</button></form>\n</section>\n");
  return form;
}

}  // namespace fairlead::agent::console::desk
