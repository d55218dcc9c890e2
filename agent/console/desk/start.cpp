#include <algorithm>

#include "agent/alerts/outbox.hpp"
#include "agent/console/desk/pages.hpp"
#include "agent/console/desk/words.hpp"
#include "agent/console/frame.hpp"
#include "agent/console/record.hpp"
#include "agent/console/requests.hpp"

namespace fairlead::agent::console::desk {

using pages::Html;

namespace {

constexpr std::size_t kChangedShown = 10;

/// Appeals about what is serious: the others are IT's to answer.
Result<std::size_t> appeals_waiting(const Visit& visit) {
  const auto open = requests(visit, true);
  if (!open) return tl::unexpected(open.error());
  return static_cast<std::size_t>(
      std::count_if(open->begin(), open->end(), [&](const AskedFor& asked) { return !is_for_it(visit, asked); }));
}

/// Alerts that a server refused, or that are tried again; a file that cannot be read is told on the page of alerts.
std::size_t alerts_undelivered(const Visit& visit) {
  constexpr std::size_t kLookedAt = 1000;
  const auto recent = alerts::recent_alerts(visit.desk.hands.state, kLookedAt, 0);
  if (!recent) return 0;
  return static_cast<std::size_t>(std::count_if(recent->begin(), recent->end(), [](const alerts::SentAlert& alert) {
    return alert.state != alerts::MessageState::delivered && !alert.error.empty();
  }));
}

void add_figure(Html& main, std::uint64_t number, std::string_view label, std::string_view address) {
  main.raw("<li><a href=\"").text(address).raw("\"><strong>").text(std::to_string(number)).raw("</strong> ");
  main.text(label).raw("</a></li>\n");
}

}  // namespace

pages::Answer start_page(const Visit& visit) {
  const bool looked_before = visit.visitor.looked != Moment{};
  events::IncidentFilter changed;
  changed.without_background = true;
  if (looked_before) changed.changed_after = visit.visitor.looked;
  if (!looked_before) changed.open_only = true;
  changed.limit = kChangedShown;
  const auto incidents = visit.desk.store.incidents(changed);
  if (!incidents) return not_now(visit, incidents.error());
  const auto changes = visit.desk.store.count_incidents(changed);
  events::IncidentFilter fresh;
  fresh.state = events::State::fresh;
  fresh.without_background = true;
  const auto unseen = visit.desk.store.count_incidents(fresh);
  fresh.state = events::State::in_review;
  const auto in_review = visit.desk.store.count_incidents(fresh);
  if (!changes || !unseen || !in_review) return not_now(visit, {Errc::broken_store, Side::local, ""});
  const auto appeals = appeals_waiting(visit);
  if (!appeals) return not_now(visit, appeals.error());

  std::vector<std::string> people;
  for (const auto& incident : *incidents) people.push_back(incident.person);
  if (auto noted = record_access(visit, "first page", people); !noted) return not_now(visit, noted.error());
  if (auto seen = visit.desk.accounts.mark_seen(visit.visitor.account, visit.desk.now); !seen)
    return not_now(visit, seen.error());

  Html main;
  main.raw("<h1>What needs you</h1>\n").part(filter_notices(visit)).raw("<ul class=\"figures\">\n");
  add_figure(main, *unseen, *unseen == 1 ? "new incident" : "new incidents", "/incidents?state=new");
  add_figure(main, *in_review, "in review", "/incidents?state=in_review");
  add_figure(main, *appeals, *appeals == 1 ? "appeal waits for you" : "appeals wait for you", "/appeals");
  if (const std::size_t undelivered = alerts_undelivered(visit); undelivered > 0)
    add_figure(main, undelivered, undelivered == 1 ? "alert has not arrived" : "alerts have not arrived", "/alerts");
  main.raw("</ul>\n<section aria-labelledby=\"changed\">\n<h2 id=\"changed\">");
  if (looked_before) {
    main.raw("Since you last looked, ").text(told_time(visit, visit.visitor.looked));
  } else {
    main.raw("Open incidents");
  }
  main.raw("</h2>\n");
  if (incidents->empty()) {
    main.raw("<p>Nothing new. That is a good sign, not a fault: this list fills when somebody is stopped.</p>\n");
  } else {
    main.raw("<ol class=\"cards\">\n");
    for (const auto& incident : *incidents) main.part(incident_card(visit, incident));
    main.raw("</ol>\n");
    if (*changes > incidents->size())
      main.raw("<p>").text(std::to_string(*changes - incidents->size())).raw(" more are among all incidents.</p>\n");
  }
  main.raw("<p><a class=\"go\" href=\"/incidents\">All open incidents</a></p>\n</section>\n");
  return page(visit, 200, "What needs you", main);
}

}  // namespace fairlead::agent::console::desk
