#include "agent/console/desk/words.hpp"

#include <algorithm>
#include <charconv>

namespace fairlead::agent::console::desk {

using pages::Html;

std::string category_title(const Visit& visit, std::string_view id) {
  if (id.empty()) return "A rule of the organisation";
  const auto* category = category_named(visit.desk.rules->catalog(), id);
  return category == nullptr ? std::string(id) : category->title;
}

std::vector<Choice> category_choices(const Visit& visit) {
  std::vector<Choice> choices;
  for (const auto& category : visit.desk.rules->catalog().categories) choices.push_back({category.id, category.title});
  std::sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) { return a.label < b.label; });
  choices.insert(choices.begin(), {"", "All"});
  return choices;
}

std::string_view severity_word(std::string_view severity) {
  for (const Choice& choice : kSeverityChoices) {
    if (!choice.value.empty() && choice.value == severity) return choice.label;
  }
  return "Not rated";
}

Html severity_badge(std::string_view severity) {
  Html badge;
  badge.raw("<span class=\"severity ").text(severity).raw("\">");
  badge.raw("<svg viewBox=\"0 0 20 20\" width=\"20\" height=\"20\" aria-hidden=\"true\" focusable=\"false\">");
  if (severity == "critical") {
    badge.raw("<path class=\"shape\" d=\"M6 1h8l5 5v8l-5 5H6l-5-5V6z\"/><path class=\"sign\" d=\"M10 5v6M10 14v1\"/>");
  } else if (severity == "high") {
    badge.raw("<path class=\"shape\" d=\"M10 1.5 19 18H1z\"/><path class=\"sign\" d=\"M10 8v4M10 14.5v1\"/>");
  } else if (severity == "medium") {
    badge.raw("<path class=\"shape\" d=\"M10 1l9 9-9 9-9-9z\"/>");
  } else {
    badge.raw("<circle class=\"shape\" cx=\"10\" cy=\"10\" r=\"7.5\"/>");
  }
  return std::move(badge.raw("</svg>").text(severity_word(severity)).raw("</span>"));
}

std::string_view risk_words(std::string_view risk) {
  for (const Choice& choice : kRiskChoices) {
    if (!choice.value.empty() && choice.value == risk) return choice.label;
  }
  return "None";
}

std::string_view state_words(events::State state) {
  switch (state) {
    case events::State::fresh:
      return "New";
    case events::State::in_review:
      return "In review";
    case events::State::action_taken:
      return "Action taken";
    case events::State::no_action:
      return "No action needed";
    case events::State::false_positive:
      return "Wrongly stopped";
  }
  return {};
}

Html state_badge(events::State state) {
  Html badge;
  return std::move(
      badge.raw("<span class=\"state ").text(to_string(state)).raw("\">").text(state_words(state)).raw("</span>"));
}

std::string pattern_words(const Visit& visit, const events::Incident& incident) {
  const std::string visits = counted(incident.navigations, "visit", "visits");
  switch (incident.pattern) {
    case events::Pattern::single:
      return incident.navigations == 0 ? counted(incident.count, "attempt", "attempts") : visits;
    case events::Pattern::burst:
      return visits + " on one day";
    case events::Pattern::repeat:
      return visits + " on " + counted(incident.days, "day", "days");
    case events::Pattern::background:
      return "Fetched by pages: nobody went there";
    case events::Pattern::escalation:
      break;
  }
  std::string path;
  for (const std::string& category : incident.categories) {
    if (!path.empty()) path += ", then ";
    path += category_title(visit, category);
  }
  return visits + " along a path: " + path;
}

std::string_view weighed_words(events::Weighed weighed) {
  switch (weighed) {
    case events::Weighed::category:
      return "as its kind of site is rated";
    case events::Weighed::repeat:
      return "raised one level: visits on three days or more";
    case events::Weighed::escalation:
      return "raised one level: visits to three or more kinds of site in a row";
    case events::Weighed::background:
      return "low, because nobody went there";
  }
  return {};
}

std::string navigation_words(const events::Event& event) {
  std::string words = "Not known whether a person went there";
  if (event.navigation == events::Navigation::yes) words = "A person went there";
  if (event.navigation == events::Navigation::no) words = "A page fetched it";
  if (!event.navigation_sign.empty()) words += " (told by " + event.navigation_sign + ")";
  return words;
}

std::string merged_words(const Visit& visit, const events::Stored& stored) {
  return "and " + std::to_string(stored.merged) + " more like it until " + clock_time(visit, stored.merged_until) +
         ", kept on the laptop";
}

std::string_view person_words(std::string_view person, bool erased) {
  if (!person.empty()) return person;
  return erased ? "Erased" : "Somebody not known";
}

std::string person_address(std::string_view person) { return "/people/" + encode_piece(person); }
std::string incident_address(std::uint64_t number) { return "/incidents/" + std::to_string(number); }

Html person_link(std::string_view person, bool erased) {
  Html link;
  if (person.empty()) return std::move(link.text(person_words(person, erased)));
  return std::move(link.raw("<a href=\"").text(person_address(person)).raw("\">").text(person).raw("</a>"));
}

std::string_view report_words(events::ReportKind kind) {
  switch (kind) {
    case events::ReportKind::accident:
      return "“I landed here by accident”";
    case events::ReportKind::wrong:
      return "“I think this is wrong”";
    case events::ReportKind::concern:
      return "“I’m worried about something”";
  }
  return {};
}

Result<std::uint64_t> number_in_path(const Visit& visit) {
  const std::string_view digits = visit.part("number");
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || wrong != std::errc() || end != digits.data() + digits.size() || number > INT64_MAX)
    return fail(Errc::not_found, Side::client, "there is no such incident");
  return number;
}

Html incident_card(const Visit& visit, const events::Incident& incident) {
  Html card;
  card.raw("<li class=\"incident\"><div class=\"badges\">")
      .part(severity_badge(incident.severity))
      .raw(" ")
      .part(state_badge(incident.state))
      .raw("</div>\n<h3><a href=\"")
      .text(incident_address(incident.number))
      .raw("\">")
      .text(category_title(visit, incident.category))
      .raw(": ")
      .text(person_words(incident.person, incident.erased))
      .raw("</a></h3>\n<p>")
      .text(pattern_words(visit, incident));
  if (!incident.host.empty()) card.raw(", lately <span class=\"site\">").text(incident.host).raw("</span>");
  card.raw("</p>\n<p class=\"meta\">");
  if (told_time(visit, incident.first) == told_time(visit, incident.last)) {
    card.text(told_time(visit, incident.last));
  } else {
    card.raw("First ").text(told_time(visit, incident.first)).raw(" · last ").text(told_time(visit, incident.last));
  }
  card.raw(" · ").text(risk_words(incident.risk)).raw(" · No. ").text(std::to_string(incident.number));
  if (incident.reports > 0)
    card.raw(" · <strong>").text(counted(incident.reports, "answer", "answers")).raw(" from the learner</strong>");
  return std::move(card.raw("</p></li>\n"));
}

}  // namespace fairlead::agent::console::desk
