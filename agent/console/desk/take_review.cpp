#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "agent/console/desk/incident_in_path.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/review.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"
#include "agent/pages/plain_forms.hpp"
#include "rules/base/text.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kMostTasks = 5;        // of one incident: more would be the same rule again
constexpr std::size_t kLookedThrough = 500;  // events

/// Text of several lines as a person typed it, at most kLongestNote characters.
std::string note_of(std::string_view raw) {
  std::string out;
  std::size_t characters = 0;
  while (!raw.empty() && characters < kLongestNote) {
    const pages::CodePoint point = pages::read_code_point(raw);
    if (point.valid && pages::is_showable(point.value)) out += raw.substr(0, point.size);
    raw.remove_prefix(point.size);
    ++characters;
  }
  return std::string(text::trim(out));
}

std::string known_or_empty(std::string_view value, bool known) { return known ? std::string(value) : std::string(); }

/// One task for each rule that stopped something: rule and address, and nothing that tells whose it was.
Result<void> open_tasks(const Visit& visit, const events::Incident& incident) {
  const auto events = visit.desk.store.events_of(incident.number, kLookedThrough, 0);
  if (!events) return tl::unexpected(events.error());
  std::set<std::string> rules;
  for (const events::Stored& stored : *events) {
    const events::Event& event = stored.event;
    if (rules.size() >= kMostTasks || !rules.insert(event.rule + "\n" + event.source).second) continue;
    events::Entry task;
    task.time = visit.desk.now;
    task.incident = incident.number;
    task.kind = "task";
    task.subject =
        "wrongly stopped: incident " + std::to_string(incident.number) + ", task " + std::to_string(rules.size());
    task.body =
        pages::json_text(nlohmann::ordered_json{{"url", address_without(event.url, event.host, incident.person)},
                                                {"host", address_without("", event.host, incident.person)},
                                                {"rule", event.rule},
                                                {"source", event.source},
                                                {"category", event.category},
                                                {"group", event.group}});
    if (auto added = visit.desk.store.add(std::move(task)); !added) return tl::unexpected(added.error());
  }
  return {};
}

pages::Answer incomplete(const Visit& visit, std::uint64_t number) {
  Html main;
  main.raw(
          "<section class=\"panel\">\n<h1>Something is missing</h1>\n<p class=\"says\">Choose where the incident "
          "stands "
          "now. Nothing was stored.</p>\n<p><a class=\"go\" href=\"")
      .text(incident_address(number))
      .raw("\">Back to the incident</a></p>\n</section>\n");
  return page(visit, 422, "Something is missing", main);
}

}  // namespace

pages::Answer take_review(const Visit& visit) {
  const auto incident = incident_in_path(visit);
  if (!incident) return not_now(visit, incident.error());
  const std::uint64_t number = incident->number;

  Review review;
  const std::string_view state = visit.form.value("state");
  const auto known = events::state_from(state);
  if (!known || *known == events::State::fresh) return incomplete(visit, number);
  review.state = state;
  const std::string_view outcome = visit.form.value("outcome");
  review.outcome = known_or_empty(outcome, !outcome_words(outcome).empty());
  const std::string_view urgency = visit.form.value("urgency");
  review.urgency = known_or_empty(urgency, !urgency_words(urgency).empty());
  const std::string_view chosen = visit.form.value("route");
  const auto routes = routes_for(visit, *incident);
  review.route = known_or_empty(
      chosen, std::any_of(routes.begin(), routes.end(), [&](const auto* route) { return route->id == chosen; }));
  review.note = note_of(visit.form.value("note"));

  events::Entry entry;
  entry.time = visit.desk.now;
  entry.incident = number;
  entry.kind = "review";
  entry.subject = "incident " + std::to_string(number);
  entry.actor = visit.visitor.account;
  entry.person = incident->person;
  entry.body = to_body(review);
  // The tasks first: a review that stands there without them would look as if IT had been told.
  if (*known == events::State::false_positive && incident->state != events::State::false_positive) {
    if (auto opened = open_tasks(visit, *incident); !opened) return not_now(visit, opened.error());
  }
  if (auto added = visit.desk.store.add(std::move(entry)); !added) return not_now(visit, added.error());
  return go_to(incident_address(number) + "?stored=yes");
}

}  // namespace fairlead::agent::console::desk
